#include "services/payment/outbound/payment_store.hpp"

#include "contracts/events.hpp"
#include "kernel/text.hpp"
#include "services/payment/domain/words.hpp"
#include "services/payment/outbound/payment_rows.hpp"
#include "services/payment/outbound/payment_tables.hpp"

namespace baedal::payment {
namespace {

contracts::PaymentEvent to_contract(const Payment& payment) {
  return {.id = payment.id.value(),
          .order_id = payment.order_id.value(),
          .status = std::string{to_word(payment.status)},
          .amount = payment.amount.minor_units,
          .currency = std::string{payment.amount.currency.code()},
          .version = payment.version};
}

std::string_view type_of(PaymentEvent::Type type) {
  switch (type) {
    case PaymentEvent::Type::kPaid:
      return contracts::event::kPaid;
    case PaymentEvent::Type::kFailed:
      return contracts::event::kPaymentFailed;
    case PaymentEvent::Type::kRefunded:
      return contracts::event::kPaymentRefunded;
  }
  return {};
}

std::size_t column_of(PaymentSort sort) {
  switch (sort) {
    case PaymentSort::kId:
      return kPaymentId;
    case PaymentSort::kOrderId:
      return kPaymentOrderId;
    case PaymentSort::kStatus:
      return kPaymentStatus;
  }
  return kPaymentId;
}

store::PageRequest to_page_request(const PaymentListRequest& request) {
  store::PageRequest page_request{.page = request.page, .size = request.size};
  for (const auto& [key, descending] : request.sort) {
    page_request.sort.push_back({column_of(key), descending});
  }
  return page_request;
}

std::vector<Payment> to_payments(const std::vector<store::Row>& rows) {
  std::vector<Payment> payments;
  payments.reserve(rows.size());
  for (const store::Row& row : rows) payments.push_back(to_payment(row));
  return payments;
}

/// The transaction in the service's own terms.
class StoredPaymentTx final : public PaymentTx {
 public:
  StoredPaymentTx(store::Tx& tx, const Clock& clock) : tx_(tx), clock_(clock) {}

  Result<PaymentId> next_id() override {
    auto id = tx_.next_id(kPayments);
    if (!id) return pass_on(id);
    return PaymentId{*id};
  }
  Result<std::optional<Payment>> find(PaymentId id) override {
    auto row = tx_.find(kPayments, id.value());
    if (!row) return pass_on(row);
    return row->transform(to_payment);
  }
  Result<std::optional<Payment>> find_by_order(OrderId order) override {
    auto row = tx_.find_by(kPayments, kPaymentOrderId, store::Value{order.value()});
    if (!row) return pass_on(row);
    return row->transform(to_payment);
  }
  Result<void> insert(const Payment& payment) override {
    return tx_.insert(kPayments, to_row(payment));
  }
  Result<void> update(const Payment& payment) override {
    return tx_.update(kPayments, to_row(payment));
  }
  Result<void> append(const PaymentEvent& event) override {
    const std::string_view type = type_of(event.type);
    const Timestamp now = clock_.now();
    store::OutboxEvent out{.type = std::string{type},
                           .key = {},
                           .time = now,
                           .data = contracts::encode(type, now, to_contract(event.payment))};
    append_int(out.key, event.payment.order_id.value());
    return tx_.append(std::move(out));
  }

 private:
  store::Tx& tx_;
  const Clock& clock_;
};

}  // namespace

Task<Result<void>> StoredPayments::commit(FunctionRef<Result<void>(PaymentTx&)> body) {
  auto run = [&](store::Tx& tx) -> Result<std::string> {
    StoredPaymentTx payment_tx(tx, clock_);
    if (auto done = body(payment_tx); !done) return pass_on(done);
    return std::string{};
  };
  const OnceKey no_key = OnceKey::none();
  auto outcome = co_await store_.commit_once(no_key, run);
  if (!outcome) co_return pass_on(outcome);
  co_return Result<void>{};
}

Task<Result<std::optional<Payment>>> StoredPayments::find(PaymentId id) {
  auto row = co_await store_.find(kPayments, id.value());
  if (!row) co_return pass_on(row);
  co_return row->transform(to_payment);
}

Task<Result<std::optional<Payment>>> StoredPayments::find_by_order(OrderId order) {
  const store::Value value{order.value()};
  auto row = co_await store_.find_by(kPayments, kPaymentOrderId, value);
  if (!row) co_return pass_on(row);
  co_return row->transform(to_payment);
}

Task<Result<PaymentList>> StoredPayments::list(const PaymentListRequest& request) {
  const store::PageRequest page_request = to_page_request(request);
  auto page = co_await store_.page(kPayments, page_request);
  if (!page) co_return pass_on(page);
  co_return PaymentList{to_payments(page->rows), page->total_rows};
}

Task<Result<PaymentSlice>> StoredPayments::list_by_status(PaymentStatus status,
                                                          const PaymentListRequest& request) {
  const store::Value value{std::string{to_word(status)}};
  const store::PageRequest page_request = to_page_request(request);
  auto slice = co_await store_.page_by(kPayments, kPaymentStatus, value, page_request);
  if (!slice) co_return pass_on(slice);
  co_return PaymentSlice{to_payments(slice->rows), slice->has_more};
}

}  // namespace baedal::payment
