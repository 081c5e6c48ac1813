#include "platform/messaging/stop_flag.hpp"

#include <algorithm>

namespace baedal::messaging {

void StopFlag::request() {
  std::vector<std::shared_ptr<Event>> pausing;
  {
    const std::lock_guard lock(mutex_);
    requested_ = true;
    pausing.swap(pausing_);
  }
  for (const auto& wake : pausing) wake->set();
}

void StopFlag::reset() {
  const std::lock_guard lock(mutex_);
  BAEDAL_ASSERT(pausing_.empty());
  requested_ = false;
}

Task<void> StopFlag::pause(std::chrono::nanoseconds delay) {
  // Shared with the timer, which may fire long after a stop has ended the pause.
  const auto wake = std::make_shared<Event>();
  if (!enrol(wake)) co_return;
  Executor::current().post_after(delay, [wake] { wake->set(); });
  co_await wake->wait();
  leave(wake);
}

bool StopFlag::enrol(const std::shared_ptr<Event>& wake) {
  const std::lock_guard lock(mutex_);
  if (requested_) return false;
  pausing_.push_back(wake);
  return true;
}

void StopFlag::leave(const std::shared_ptr<Event>& wake) {
  const std::lock_guard lock(mutex_);
  std::erase(pausing_, wake);
}

}  // namespace baedal::messaging
