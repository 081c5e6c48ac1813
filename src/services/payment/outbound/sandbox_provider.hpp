#pragma once

#include <chrono>

#include "services/payment/app/ports.hpp"
#include "services/payment/outbound/sandbox_ledger.hpp"

namespace baedal::payment {

struct SandboxOptions {
  /// What a slow answer takes: more than the caller's timeout.
  std::chrono::nanoseconds slow_answer{std::chrono::seconds{2}};
  std::size_t orders_max = 10'000;  ///< remembered
};

/// A provider that moves no money: for development, demos and tests. The token alone decides:
///   tok_approve, none       everything is approved
///   tok_decline             the authorisation is declined, as with any token not listed here
///   tok_timeout_then_approve  the first authorisation is done, but its answer comes too late
///   tok_refund_fails_twice  void and refund fail twice, then are approved
/// It forgets when the process ends, and then approves whatever is asked back.
class SandboxProvider final : public PaymentProvider {
 public:
  explicit SandboxProvider(SandboxOptions options = {});

  Task<ProviderAnswer> authorise(ProviderRequest request) override;
  Task<ProviderAnswer> capture(ProviderRequest request) override;
  Task<ProviderAnswer> void_payment(ProviderRequest request) override;
  Task<ProviderAnswer> refund(ProviderRequest request) override;

  [[nodiscard]] const SandboxLedger& ledger() const { return ledger_; }

 private:
  const SandboxOptions options_;
  SandboxLedger ledger_;
};

}  // namespace baedal::payment
