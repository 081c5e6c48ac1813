#include "services/payment/inbound/order_news.hpp"

namespace baedal::payment {
namespace {

constexpr std::size_t kTokenBytesMax = 1'000;

std::unexpected<Error> malformed(std::string detail) {
  return fail(ErrorKind::kInvalid, "malformed-event", std::move(detail));
}

}  // namespace

Result<OrderNews> to_news(const contracts::OrderEvent& event) {
  const std::int64_t amount = event.amount.value_or(0);
  if (amount < 0) return malformed("The order's amount is below zero.");
  std::string token = event.payment_token.value_or("");
  if (token.size() > kTokenBytesMax) return malformed("The order's payment token is too long.");
  return OrderNews{OrderId{event.id}, Money{amount, currency_of(event)},
                   PaymentToken{std::move(token)}};
}

Currency currency_of(const contracts::OrderEvent& event) {
  return Currency::parse(event.currency).value_or(Currency::krw());
}

}  // namespace baedal::payment
