#pragma once

#include "platform/resilience/rate_limiter.hpp"
#include "services/accounts/app/ports.hpp"

namespace baedal::accounts {

/// LoginGate by a token bucket per client, in this process alone.
class AddressGate final : public LoginGate {
 public:
  struct Options {
    std::uint32_t burst = 10;          ///< attempts at once
    std::chrono::seconds interval{6};  ///< until one more is allowed; at least 1
  };
  /// `clock` outlives it.
  AddressGate(const Options& options, const Clock& clock);
  std::chrono::seconds try_enter(std::string_view client) override;

 private:
  resilience::RateLimiter limiter_;
};

}  // namespace baedal::accounts
