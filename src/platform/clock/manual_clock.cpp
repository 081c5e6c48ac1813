#include "platform/clock/manual_clock.hpp"

#include "kernel/assert.hpp"

namespace baedal {

ManualClock::ManualClock(Timestamp start) : wall_micros_(start.micros) {}

Timestamp ManualClock::now() const { return {wall_micros_.load()}; }

std::chrono::steady_clock::time_point ManualClock::monotonic() const {
  return std::chrono::steady_clock::time_point{std::chrono::microseconds{monotonic_micros_.load()}};
}

void ManualClock::advance(std::chrono::microseconds delta) {
  BAEDAL_ASSERT(delta.count() >= 0);
  monotonic_micros_ += delta.count();
  wall_micros_ += delta.count();
}

void ManualClock::set(Timestamp now) { wall_micros_ = now.micros; }

}  // namespace baedal
