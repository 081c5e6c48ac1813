#pragma once

#include <coroutine>
#include <cstddef>
#include <mutex>
#include <utility>
#include <vector>

#include "kernel/async/executor.hpp"
#include "kernel/async/task.hpp"

namespace baedal {

/// A flag that coroutines wait for. set() may come from any thread; each waiter resumes on the
/// executor it waited on. Stays set until reset().
class Event {
 public:
  void set();
  void reset();
  [[nodiscard]] bool is_set() const;

  /// Awaitable: returns at once when set.
  [[nodiscard]] auto wait() { return Awaiter{*this}; }

 private:
  struct Waiter {
    Executor* executor;
    std::coroutine_handle<> coroutine;
  };
  struct Awaiter {
    Event& event;
    bool await_ready() const { return event.is_set(); }
    bool await_suspend(std::coroutine_handle<> waiter) { return event.enqueue(waiter); }
    void await_resume() const noexcept {}
  };
  bool enqueue(std::coroutine_handle<> waiter);

  mutable std::mutex mutex_;
  bool set_ = false;
  std::vector<Waiter> waiters_;
};

/// Runs tasks side by side on one executor and waits for all of them. One thread only.
///   TaskGroup group;
///   for (auto& item : items) group.spawn(handle(item));
///   co_await group.join();
class TaskGroup {
 public:
  TaskGroup() = default;
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;
  /// Asserts that join() was awaited: a task must not outlive what it borrows.
  ~TaskGroup() { BAEDAL_ASSERT(running_ == 0); }

  /// Starts `task` now.
  void spawn(Task<void> task);
  [[nodiscard]] std::size_t running() const { return running_; }

  /// Awaitable: returns when no task is running. At most one waiter.
  [[nodiscard]] auto join() { return Join{*this}; }

 private:
  struct Join {
    TaskGroup& group;
    bool await_ready() const noexcept { return group.running_ == 0; }
    void await_suspend(std::coroutine_handle<> waiter) { group.waiter_ = waiter; }
    void await_resume() const noexcept {}
  };
  Task<void> run(Task<void> task);

  std::size_t running_ = 0;
  std::coroutine_handle<> waiter_;
};

}  // namespace baedal
