#pragma once

#include <coroutine>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

#include "kernel/assert.hpp"
#include "kernel/async/frame_pool.hpp"
#include "kernel/async/task_context.hpp"

namespace baedal {

/// A lazy coroutine: nothing runs until it is awaited, and it is awaited exactly once. Resumes its
/// awaiter by symmetric transfer, on the thread it finished on. Move-only; owns its frame.
///
/// g++ 12 destroys temporaries of a `co_await` expression twice in some cases: give every lambda
/// and every argument with a destructor a name before the co_await.
template <class T>
class Task;

namespace detail {

/// An awaiter of something that is no Task, where a coroutine really waits: the task context waits
/// with it. `Awaiter` is a reference to one that has a name.
template <class Awaiter>
class Suspension {
 public:
  Suspension(Awaiter&& awaiter, TaskContext& kept) noexcept
      : awaiter_(std::forward<Awaiter>(awaiter)), kept_(kept) {
    // g++ 12 may destroy temporaries of a co_await expression twice.
    static_assert(std::is_reference_v<Awaiter> || std::is_trivially_destructible_v<Awaiter>);
  }

  bool await_ready() { return awaiter_.await_ready(); }
  auto await_suspend(std::coroutine_handle<> waiter) {
    suspended_ = true;
    kept_ = TaskContext::take_current();
    // Nothing after this: another thread may have resumed, and ended, the coroutine.
    return awaiter_.await_suspend(waiter);
  }
  decltype(auto) await_resume() {
    if (suspended_) TaskContext::set_current(std::move(kept_));
    return awaiter_.await_resume();
  }

 private:
  Awaiter awaiter_;
  TaskContext& kept_;
  bool suspended_ = false;
};

/// Awaits a task that has a name.
template <class T>
struct TaskReference {
  Task<T>& task;
  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiter) const noexcept {
    return task.await_suspend(awaiter);
  }
  T await_resume() const { return task.await_resume(); }
};

class TaskPromiseBase : public PooledFrame {
 public:
  /// Awaiting a Task goes on at once, on this thread and in this context; awaiting anything else
  /// takes the context along.
  template <class T>
  Task<T> await_transform(Task<T>&& task) noexcept {
    return std::move(task);
  }
  template <class T>
  TaskReference<T> await_transform(Task<T>& task) noexcept {
    return {task};
  }
  template <class Awaiter>
  Suspension<Awaiter> await_transform(Awaiter&& awaiter) noexcept {
    return {std::forward<Awaiter>(awaiter), context_};
  }

  std::suspend_always initial_suspend() noexcept { return {}; }

  struct FinalAwaiter {
    bool await_ready() noexcept { return false; }
    template <class Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> finished) noexcept {
      return finished.promise().continuation_;
    }
    void await_resume() noexcept {}
  };
  FinalAwaiter final_suspend() noexcept { return {}; }

  void unhandled_exception() noexcept { exception_ = std::current_exception(); }
  void set_continuation(std::coroutine_handle<> continuation) { continuation_ = continuation; }

 protected:
  void rethrow_if_failed() const {
    if (exception_) std::rethrow_exception(exception_);
  }

 private:
  std::coroutine_handle<> continuation_ = std::noop_coroutine();
  std::exception_ptr exception_;
  TaskContext context_;  ///< while it waits
};

template <class T>
class TaskPromise : public TaskPromiseBase {
 public:
  Task<T> get_return_object() noexcept;
  template <class U>
  requires std::is_convertible_v<U&&, T>
  void return_value(U&& value) { value_.emplace(std::forward<U>(value)); }
  T take() {
    rethrow_if_failed();
    return std::move(*value_);
  }

 private:
  std::optional<T> value_;
};

template <>
class TaskPromise<void> : public TaskPromiseBase {
 public:
  Task<void> get_return_object() noexcept;
  void return_void() noexcept {}
  void take() { rethrow_if_failed(); }
};

}  // namespace detail

template <class T>
class [[nodiscard]] Task {
 public:
  using promise_type = detail::TaskPromise<T>;
  using Handle = std::coroutine_handle<promise_type>;

  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Task& operator=(Task&& other) noexcept {
    if (this != &other) {
      if (handle_) handle_.destroy();
      handle_ = std::exchange(other.handle_, nullptr);
    }
    return *this;
  }
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;
  ~Task() {
    if (handle_) handle_.destroy();
  }

  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiter) noexcept {
    BAEDAL_ASSERT(handle_ && !handle_.done());
    handle_.promise().set_continuation(awaiter);
    return handle_;
  }
  T await_resume() { return handle_.promise().take(); }

 private:
  friend promise_type;
  explicit Task(Handle handle) noexcept : handle_(handle) {}
  Handle handle_;
};

namespace detail {
template <class T>
Task<T> TaskPromise<T>::get_return_object() noexcept {
  return Task<T>{Task<T>::Handle::from_promise(*this)};
}
inline Task<void> TaskPromise<void>::get_return_object() noexcept {
  return Task<void>{Task<void>::Handle::from_promise(*this)};
}
}  // namespace detail

}  // namespace baedal
