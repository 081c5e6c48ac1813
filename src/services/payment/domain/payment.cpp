#include "services/payment/domain/payment.hpp"

namespace baedal::payment {

Payment request(OrderId order, Money amount, PaymentToken token, Timestamp now) {
  Payment payment{.order_id = order, .amount = amount, .token = std::move(token)};
  payment.version = 1;
  payment.created_at = now;
  payment.updated_at = now;
  return payment;
}

Payment cancelled_before_request(OrderId order, Currency currency, Timestamp now) {
  Payment payment = request(order, Money{0, currency}, PaymentToken{}, now);
  payment.status = PaymentStatus::kRefunded;
  return payment;
}

Outcome cancel(Payment& payment, Timestamp now) {
  switch (payment.status) {
    case PaymentStatus::kRequested:
    case PaymentStatus::kPaid:
      payment.status = PaymentStatus::kRefunding;
      touch(payment, now);
      return Outcome::kChanged;
    case PaymentStatus::kDeclined:
    case PaymentStatus::kRefunding:
    case PaymentStatus::kRefunded:
      return Outcome::kUnchanged;
  }
  return Outcome::kUnchanged;
}

void touch(Payment& payment, Timestamp now) {
  ++payment.version;
  payment.updated_at = now;
}

}  // namespace baedal::payment
