#pragma once

#include <chrono>
#include <cstddef>

namespace baedal::payment {

/// How payments are settled with the provider.
struct PaymentOptions {
  std::chrono::milliseconds provider_timeout{1'000};  ///< of one call; then its outcome is unknown
  /// Before the same question is asked again; doubled each time, up to `retry_pause_max`.
  std::chrono::milliseconds retry_pause_first{50};
  std::chrono::milliseconds retry_pause_max{30'000};
  std::chrono::milliseconds sweep_interval{5'000};  ///< between looks for payments left behind
  std::size_t concurrency = 256;                    ///< payments asking the provider at a time
  std::size_t in_hand_max = 10'000;  ///< payments known to be open; more wait in the store
};

}  // namespace baedal::payment
