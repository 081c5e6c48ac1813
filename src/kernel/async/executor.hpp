#pragma once

#include <chrono>
#include <coroutine>
#include <functional>

#include "kernel/async/task.hpp"

namespace baedal {

/// An event loop that coroutines run on. Adapters: AsioExecutor (platform/runtime), one per I/O
/// thread; ManualExecutor (kernel/async), for tests and simulation, where time moves by hand.
class Executor {
 public:
  virtual ~Executor() = default;

  /// Runs `work` on this executor's thread, after what was posted before. Callable from any thread.
  virtual void post(std::function<void()> work) = 0;

  /// Runs `work` on this executor's thread once `delay` has passed. Callable from any thread.
  virtual void post_after(std::chrono::nanoseconds delay, std::function<void()> work) = 0;

  /// Resumes `coroutine` on this executor's thread. Callable from any thread.
  void resume(std::coroutine_handle<> coroutine) {
    post([coroutine] { coroutine.resume(); });
  }

  /// The executor whose thread this is. Asserts that there is one: every coroutine of the project
  /// runs on an executor.
  [[nodiscard]] static Executor& current();
  [[nodiscard]] static Executor* current_or_null() noexcept;

 protected:
  /// Marks this thread as running `executor`, while it lives.
  class Enter {
   public:
    explicit Enter(Executor& executor) noexcept;
    ~Enter();
    Enter(const Enter&) = delete;
    Enter& operator=(const Enter&) = delete;

   private:
    Executor* previous_;
  };
};

/// Starts `task` now, on this thread and in the present TaskContext, and lets it run by itself. An
/// exception that leaves it ends the process: a detached task handles its own errors.
void spawn(Task<void> task);

/// Suspends for at least `delay`; resumes on the current executor.
[[nodiscard]] Task<void> sleep_for(std::chrono::nanoseconds delay);

/// Goes to the back of the current executor's queue.
[[nodiscard]] Task<void> yield();

}  // namespace baedal
