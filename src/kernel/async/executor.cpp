#include "kernel/async/executor.hpp"

#include <exception>

namespace baedal {
namespace {

thread_local Executor* current_executor = nullptr;

/// A coroutine nobody awaits: starts at once and frees itself at its end.
struct Detached {
  struct promise_type : detail::PooledFrame {
    Detached get_return_object() noexcept { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() noexcept { std::terminate(); }
  };
};

Detached run_detached(Task<void> task) {
  co_await task;
  // Whoever resumed it last goes on to other work.
  TaskContext::set_current({});
}

struct Sleep {
  std::chrono::nanoseconds delay;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> sleeper) const {
    Executor::current().post_after(delay, [sleeper] { sleeper.resume(); });
  }
  void await_resume() const noexcept {}
};

struct Yield {
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> self) const { Executor::current().resume(self); }
  void await_resume() const noexcept {}
};

}  // namespace

Executor& Executor::current() {
  BAEDAL_ASSERT(current_executor != nullptr);
  return *current_executor;
}

Executor* Executor::current_or_null() noexcept { return current_executor; }

Executor::Enter::Enter(Executor& executor) noexcept : previous_(current_executor) {
  current_executor = &executor;
}

Executor::Enter::~Enter() { current_executor = previous_; }

void spawn(Task<void> task) {
  TaskContext spawner = TaskContext::current();
  run_detached(std::move(task));
  TaskContext::set_current(std::move(spawner));
}

Task<void> sleep_for(std::chrono::nanoseconds delay) { co_await Sleep{delay}; }

Task<void> yield() { co_await Yield{}; }

}  // namespace baedal
