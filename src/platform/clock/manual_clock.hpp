#pragma once

#include <atomic>
#include <chrono>

#include "kernel/clock.hpp"

namespace baedal {

/// Time moved by hand, for tests and simulation. Every function is safe from every thread.
///   ManualClock clock(Timestamp{0});
///   clock.advance(std::chrono::seconds{5});
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Timestamp start);

  [[nodiscard]] Timestamp now() const override;
  [[nodiscard]] std::chrono::steady_clock::time_point monotonic() const override;

  /// Moves wall-clock and monotonic time on. `delta` must not be negative.
  void advance(std::chrono::microseconds delta);
  /// Makes the wall clock jump, back or forth, as an operator or NTP would: monotonic time stays.
  void set(Timestamp now);

 private:
  std::atomic<std::int64_t> wall_micros_;
  std::atomic<std::int64_t> monotonic_micros_{0};
};

}  // namespace baedal
