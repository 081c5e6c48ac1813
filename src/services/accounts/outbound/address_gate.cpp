#include "services/accounts/outbound/address_gate.hpp"

#include <algorithm>

namespace baedal::accounts {
namespace {

/// A bucket gains a token a second, and an attempt takes as many as there are seconds between two.
resilience::RateLimiterOptions bucket_of(const AddressGate::Options& options) {
  const auto price = static_cast<std::uint32_t>(options.interval.count());
  return {.replenish_rate = 1, .burst_capacity = options.burst * price, .requested_tokens = price};
}

}  // namespace

AddressGate::AddressGate(const Options& options, const Clock& clock)
    : limiter_(bucket_of(options), clock) {}

std::chrono::seconds AddressGate::try_enter(std::string_view client) {
  const auto verdict = limiter_.try_take(client);
  if (verdict.allowed) return std::chrono::seconds{0};
  return std::max(std::chrono::ceil<std::chrono::seconds>(verdict.wait), std::chrono::seconds{1});
}

}  // namespace baedal::accounts
