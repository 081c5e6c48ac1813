#pragma once

#include "kernel/clock.hpp"

namespace baedal {

/// The machine's own time.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] Timestamp now() const override;
  [[nodiscard]] std::chrono::steady_clock::time_point monotonic() const override;
};

}  // namespace baedal
