#include "services/payment/outbound/payment_rows.hpp"

#include "platform/store/cells.hpp"
#include "services/payment/domain/words.hpp"
#include "services/payment/outbound/payment_tables.hpp"

namespace baedal::payment {

using store::integer_at;
using store::text_at;

store::Row to_row(const Payment& payment) {
  store::Row row;
  row.reserve(std::size(kPaymentColumns));
  row.emplace_back(payment.id.value());
  row.emplace_back(payment.order_id.value());
  row.emplace_back(payment.amount.minor_units);
  row.emplace_back(std::string{payment.amount.currency.code()});
  row.emplace_back(payment.token.reveal());
  row.emplace_back(std::string{to_word(payment.status)});
  row.emplace_back(std::int64_t{payment.captured});
  row.emplace_back(payment.attempts);
  row.emplace_back(payment.version);
  row.emplace_back(payment.created_at.micros);
  row.emplace_back(payment.updated_at.micros);
  return row;
}

Payment to_payment(const store::Row& row) {
  Payment payment{.id = PaymentId{integer_at(row, kPaymentId)},
                  .order_id = OrderId{integer_at(row, kPaymentOrderId)}};
  payment.amount.minor_units = integer_at(row, kPaymentAmount);
  payment.amount.currency =
      Currency::parse(text_at(row, kPaymentCurrency)).value_or(Currency::krw());
  payment.token = PaymentToken{text_at(row, kPaymentToken)};
  payment.status = parse_payment_status(text_at(row, kPaymentStatus)).value();
  payment.captured = integer_at(row, kPaymentCaptured) != 0;
  payment.attempts = integer_at(row, kPaymentAttempts);
  payment.version = integer_at(row, kPaymentVersion);
  payment.created_at = store::time_at(row, kPaymentCreatedAt);
  payment.updated_at = store::time_at(row, kPaymentUpdatedAt);
  return payment;
}

}  // namespace baedal::payment
