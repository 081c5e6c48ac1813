#include "services/payment/outbound/sandbox_provider.hpp"

#include "kernel/async/executor.hpp"

namespace baedal::payment {
namespace {

constexpr std::string_view kSlow = "tok_timeout_then_approve";
constexpr std::string_view kRefundFailsTwice = "tok_refund_fails_twice";
constexpr int kRefundFailures = 2;

bool fails(SandboxLedger& ledger, const ProviderRequest& request) {
  return request.token.reveal() == kRefundFailsTwice && ledger.asked(request) <= kRefundFailures;
}

ProviderAnswer try_again() { return {ProviderOutcome::kTryAgain, "The provider is out of order."}; }

}  // namespace

SandboxProvider::SandboxProvider(SandboxOptions options)
    : options_(options), ledger_(options.orders_max) {}

Task<ProviderAnswer> SandboxProvider::authorise(ProviderRequest request) {
  const bool slow = request.token.reveal() == kSlow && ledger_.asked(request) == 1;
  const ProviderAnswer answer = ledger_.authorise(request);
  // After the sleep this object may be gone.
  if (slow) co_await sleep_for(options_.slow_answer);
  co_return answer;
}

Task<ProviderAnswer> SandboxProvider::capture(ProviderRequest request) {
  co_return ledger_.capture(request);
}

Task<ProviderAnswer> SandboxProvider::void_payment(ProviderRequest request) {
  co_return fails(ledger_, request) ? try_again() : ledger_.void_payment(request);
}

Task<ProviderAnswer> SandboxProvider::refund(ProviderRequest request) {
  co_return fails(ledger_, request) ? try_again() : ledger_.refund(request);
}

}  // namespace baedal::payment
