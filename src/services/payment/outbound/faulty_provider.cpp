#include "services/payment/outbound/faulty_provider.hpp"

namespace baedal::payment {

void FaultyProvider::fail_call(std::int64_t n, ProviderFault fault) {
  left_ = n;
  fault_ = fault;
  fired_ = false;
}

void FaultyProvider::fail_all(bool down, ProviderFault fault) {
  down_ = down;
  fault_ = fault;
  fired_ = false;
}

Task<ProviderAnswer> FaultyProvider::authorise(ProviderRequest request) {
  return pass(&PaymentProvider::authorise, std::move(request));
}

Task<ProviderAnswer> FaultyProvider::capture(ProviderRequest request) {
  return pass(&PaymentProvider::capture, std::move(request));
}

Task<ProviderAnswer> FaultyProvider::void_payment(ProviderRequest request) {
  return pass(&PaymentProvider::void_payment, std::move(request));
}

Task<ProviderAnswer> FaultyProvider::refund(ProviderRequest request) {
  return pass(&PaymentProvider::refund, std::move(request));
}

Task<ProviderAnswer> FaultyProvider::pass(Call call, ProviderRequest request) {
  ++calls_;
  const bool due = is_due();
  const ProviderFault fault = fault_;
  if (due && fault == ProviderFault::kRefused) {
    co_return ProviderAnswer{ProviderOutcome::kTryAgain};
  }
  if (due && fault == ProviderFault::kUnreached)
    co_return ProviderAnswer{ProviderOutcome::kUnknown};
  auto inner = (inner_.*call)(std::move(request));
  ProviderAnswer answer = co_await inner;
  if (due) co_return ProviderAnswer{ProviderOutcome::kUnknown};
  co_return answer;
}

bool FaultyProvider::is_due() {
  const bool due = (left_ > 0 && --left_ == 0) || down_;
  if (due) fired_ = true;
  return due;
}

}  // namespace baedal::payment
