#pragma once

#include <condition_variable>
#include <coroutine>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "kernel/async/executor.hpp"
#include "kernel/function_ref.hpp"

namespace baedal::accounts {

/// A few threads for what is too long for an I/O thread, with a bounded queue in front.
class WorkerThreads {
 public:
  /// `threads` ≥ 1, named after `name`.
  WorkerThreads(const std::string& name, std::size_t threads, std::size_t waiting_max);
  /// Finishes what waits, joins.
  ~WorkerThreads();
  WorkerThreads(const WorkerThreads&) = delete;
  WorkerThreads& operator=(const WorkerThreads&) = delete;

  /// Awaitable: runs `work` on one of the threads, then resumes the caller on its executor. Gives
  /// false, without running it, when the queue is full. `work` is borrowed until then.
  [[nodiscard]] auto run(FunctionRef<void()> work) { return Run{*this, work}; }

 private:
  struct Run {
    WorkerThreads& threads;
    FunctionRef<void()> work;
    bool accepted = true;
    bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> caller) {
      Executor* const home = &Executor::current();
      const bool posted = threads.post([work = work, home, caller] {
        work();
        home->resume(caller);
      });
      // Once posted, the coroutine may be running again, and this object be gone.
      if (!posted) accepted = false;
      return posted;
    }
    bool await_resume() const noexcept { return accepted; }
  };

  bool post(std::function<void()> job);
  void run_until_stopped(const std::string& name);

  const std::size_t waiting_max_;
  std::mutex mutex_;
  std::condition_variable work_came_;
  std::deque<std::function<void()>> queue_;  // both under mutex_
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace baedal::accounts
