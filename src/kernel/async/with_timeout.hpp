#pragma once

#include <chrono>
#include <coroutine>
#include <memory>
#include <optional>
#include <utility>

#include "kernel/async/executor.hpp"
#include "kernel/async/task.hpp"

namespace baedal {

namespace detail {

/// Where a task and its timer meet: the first to come decides, the other finds it decided.
template <class T>
class Race {
 public:
  void decide(std::optional<T> result) {
    if (std::exchange(decided_, true)) return;
    result_ = std::move(result);
    // Posted, not resumed here: the waiter must not run on the stack of the one that decided.
    if (waiter_) Executor::current().resume(waiter_);
  }

  [[nodiscard]] bool decided() const { return decided_; }

  /// Awaitable by one: the result, once it is decided.
  [[nodiscard]] auto result() { return Awaiter{*this}; }

 private:
  struct Awaiter {
    Race& race;
    bool await_ready() const noexcept { return race.decided_; }
    void await_suspend(std::coroutine_handle<> waiter) noexcept { race.waiter_ = waiter; }
    std::optional<T> await_resume() { return std::move(race.result_); }
  };

  bool decided_ = false;
  std::optional<T> result_;
  std::coroutine_handle<> waiter_;
};

template <class T>
Task<void> run_race(Task<T> task, std::shared_ptr<Race<T>> race) {
  std::optional<T> result{co_await task};
  race->decide(std::move(result));
}

}  // namespace detail

/// The result of `task`, or nullopt when it has none after `timeout`: then the task runs to its end
/// by itself and its result is dropped, so it must own, or outlive, all that it touches. The task
/// runs on the current executor and must end on it. A task that never suspends needs no timer. An
/// exception that leaves the task ends the process, as with spawn().
///   auto call = provider.authorise(request);
///   auto timed = with_timeout(std::move(call), 1s);
///   const std::optional<Answer> answer = co_await timed;
template <class T>
[[nodiscard]] Task<std::optional<T>> with_timeout(Task<T> task, std::chrono::nanoseconds timeout) {
  const auto race = std::make_shared<detail::Race<T>>();
  spawn(detail::run_race(std::move(task), race));
  if (!race->decided()) {
    Executor::current().post_after(timeout, [race] { race->decide(std::nullopt); });
  }
  co_return co_await race->result();
}

}  // namespace baedal
