#pragma once

#include <cstdint>

#include "services/payment/app/ports.hpp"

namespace baedal::payment {

enum class ProviderFault {
  kRefused,     ///< the call does nothing and says so: kTryAgain
  kUnreached,   ///< the call does nothing, but nobody knows: kUnknown
  kAnswerLost,  ///< the call takes effect, but nobody knows: kUnknown
};

/// Wraps a provider and fails one of its calls, counted from 1. Anomaly tests run a scenario with
/// n = 1, 2, 3, … until no call failed. One thread.
class FaultyProvider final : public PaymentProvider {
 public:
  explicit FaultyProvider(PaymentProvider& inner) : inner_(inner) {}

  /// The `n`-th call from now on fails; 0: none.
  void fail_call(std::int64_t n, ProviderFault fault);
  /// From now on every call fails, until false.
  void fail_all(bool down, ProviderFault fault);
  /// Whether a call failed since the fault was asked for.
  [[nodiscard]] bool fired() const { return fired_; }
  [[nodiscard]] std::int64_t calls() const { return calls_; }

  Task<ProviderAnswer> authorise(ProviderRequest request) override;
  Task<ProviderAnswer> capture(ProviderRequest request) override;
  Task<ProviderAnswer> void_payment(ProviderRequest request) override;
  Task<ProviderAnswer> refund(ProviderRequest request) override;

 private:
  using Call = Task<ProviderAnswer> (PaymentProvider::*)(ProviderRequest);
  Task<ProviderAnswer> pass(Call call, ProviderRequest request);
  bool is_due();

  PaymentProvider& inner_;
  std::int64_t left_ = 0;
  std::int64_t calls_ = 0;
  bool down_ = false;
  bool fired_ = false;
  ProviderFault fault_ = ProviderFault::kRefused;
};

}  // namespace baedal::payment
