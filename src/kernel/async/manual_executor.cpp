#include "kernel/async/manual_executor.hpp"

#include <thread>
#include <utility>

namespace baedal {

void ManualExecutor::post(std::function<void()> work) {
  const std::lock_guard lock(mutex_);
  ready_.push_back(std::move(work));
}

void ManualExecutor::post_after(std::chrono::nanoseconds delay, std::function<void()> work) {
  const std::lock_guard lock(mutex_);
  timers_.emplace(now_ + delay, std::move(work));
}

std::size_t ManualExecutor::run_ready() {
  std::size_t ran = 0;
  while (run_one()) ++ran;
  return ran;
}

void ManualExecutor::advance(std::chrono::nanoseconds delta) {
  const auto end = now_ + delta;
  run_ready();
  while (true) {
    {
      const std::lock_guard lock(mutex_);
      if (timers_.empty() || timers_.begin()->first > end) break;
    }
    fire_next_timer();
    run_ready();
  }
  now_ = end;
}

bool ManualExecutor::run_one() {
  std::function<void()> work;
  {
    const std::lock_guard lock(mutex_);
    if (ready_.empty()) return false;
    work = std::move(ready_.front());
    ready_.pop_front();
  }
  const Enter enter(*this);
  work();
  return true;
}

bool ManualExecutor::fire_next_timer() {
  const std::lock_guard lock(mutex_);
  if (timers_.empty()) return false;
  auto timer = timers_.extract(timers_.begin());
  now_ = std::max(now_, timer.key());
  ready_.push_back(std::move(timer.mapped()));
  return true;
}

void ManualExecutor::drive(const bool& done) {
  // Work may be on its way from a store's writer thread: only fire timers after a short quiet time.
  int quiet = 0;
  while (!done) {
    if (run_ready() > 0) {
      quiet = 0;
    } else if (!alone_ && ++quiet < 20) {
      std::this_thread::sleep_for(std::chrono::microseconds{100});
    } else {
      fire_next_timer();
      quiet = 0;
    }
  }
}

}  // namespace baedal
