#pragma once

#include <chrono>
#include <cstdint>

namespace baedal::resilience {

/// How often something is tried and how long to pause in between: resilience4j's Retry. Whether it
/// may be tried again at all (was the request processed?) only the caller can know. A value.
struct RetryPolicy {
  std::uint32_t attempts_max = 3;  ///< the first one included
  std::chrono::milliseconds wait_duration{500};
  double exponential_backoff_multiplier = 1;  ///< 1.5 is usual; 1: always the same
  std::chrono::milliseconds wait_duration_max{60'000};
  double randomized_wait_factor = 0;  ///< 0.5: between half and one and a half of the wait

  [[nodiscard]] bool may_try_again(std::uint32_t attempts_made) const {
    return attempts_made < attempts_max;
  }
  /// The pause after so many attempts (at least 1) have failed. `random` is drawn from [0, 1).
  [[nodiscard]] std::chrono::nanoseconds pause_after(std::uint32_t attempts_made,
                                                     double random) const;
};

}  // namespace baedal::resilience
