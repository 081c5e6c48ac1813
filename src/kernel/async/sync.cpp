#include "kernel/async/sync.hpp"

namespace baedal {

void Event::set() {
  std::vector<Waiter> ready;
  {
    const std::lock_guard lock(mutex_);
    set_ = true;
    ready.swap(waiters_);
  }
  for (const Waiter& waiter : ready) waiter.executor->resume(waiter.coroutine);
}

void Event::reset() {
  const std::lock_guard lock(mutex_);
  set_ = false;
}

bool Event::is_set() const {
  const std::lock_guard lock(mutex_);
  return set_;
}

bool Event::enqueue(std::coroutine_handle<> waiter) {
  const std::lock_guard lock(mutex_);
  if (set_) return false;
  waiters_.push_back({&Executor::current(), waiter});
  return true;
}

void TaskGroup::spawn(Task<void> task) {
  ++running_;
  baedal::spawn(run(std::move(task)));
}

Task<void> TaskGroup::run(Task<void> task) {
  co_await task;
  if (--running_ == 0 && waiter_) {
    // Posted, not resumed here: the group may be gone when the waiter returns.
    Executor::current().resume(std::exchange(waiter_, nullptr));
  }
}

}  // namespace baedal
