#include "platform/resilience/retry_policy.hpp"

#include <algorithm>
#include <cmath>

namespace baedal::resilience {

std::chrono::nanoseconds RetryPolicy::pause_after(std::uint32_t attempts_made,
                                                  double random) const {
  using Nanos = std::chrono::duration<double, std::nano>;
  const double grown = std::pow(exponential_backoff_multiplier, std::max(attempts_made, 1U) - 1);
  const double longest = Nanos{wait_duration_max}.count();
  // Bounded first: a factor beyond any double would make the jitter of it meaningless.
  const double wait = std::min(Nanos{wait_duration}.count() * grown, longest);
  const double jittered = wait * (1 + randomized_wait_factor * (2 * random - 1));
  return std::chrono::nanoseconds{static_cast<std::int64_t>(std::clamp(jittered, 0.0, longest))};
}

}  // namespace baedal::resilience
