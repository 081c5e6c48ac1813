#pragma once

#include <chrono>

#include "kernel/timestamp.hpp"

namespace baedal {

/// Where time comes from. Safe from every thread. Adapters: SystemClock, ManualClock
/// (platform/clock).
class Clock {
 public:
  virtual ~Clock() = default;
  /// Wall-clock time; may jump.
  [[nodiscard]] virtual Timestamp now() const = 0;
  /// For measuring and deadlines; never goes back.
  [[nodiscard]] virtual std::chrono::steady_clock::time_point monotonic() const = 0;
};

}  // namespace baedal
