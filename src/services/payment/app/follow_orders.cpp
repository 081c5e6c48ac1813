#include "services/payment/app/follow_orders.hpp"

namespace baedal::payment {

Task<Result<void>> FollowOrders::ordered(const OrderNews& news) {
  std::optional<Payment> opened;
  auto body = [&](PaymentTx& tx) -> Result<void> {
    opened.reset();
    auto known = tx.find_by_order(news.order);
    if (!known) return pass_on(known);
    if (*known) return {};
    auto id = tx.next_id();
    if (!id) return pass_on(id);
    Payment payment = request(news.order, news.amount, news.token, clock_.now());
    payment.id = *id;
    if (auto saved = tx.insert(payment); !saved) return saved;
    opened = std::move(payment);
    return {};
  };
  auto committed = co_await store_.commit(body);
  if (committed && opened) worker_.take_new(*opened);
  co_return committed;
}

Task<Result<void>> FollowOrders::cancelled(OrderId order, Currency currency) {
  std::optional<PaymentId> reopened;
  auto turn_back = [&](PaymentTx& tx, Payment payment) -> Result<void> {
    if (cancel(payment, clock_.now()) == Outcome::kUnchanged) return {};
    reopened = payment.id;
    return tx.update(payment);
  };
  auto body = [&](PaymentTx& tx) -> Result<void> {
    reopened.reset();
    auto known = tx.find_by_order(order);
    if (!known) return pass_on(known);
    if (*known) return turn_back(tx, std::move(**known));
    auto id = tx.next_id();
    if (!id) return pass_on(id);
    Payment payment = cancelled_before_request(order, currency, clock_.now());
    payment.id = *id;
    if (auto saved = tx.insert(payment); !saved) return saved;
    return tx.append(PaymentEvent{PaymentEvent::Type::kRefunded, std::move(payment)});
  };
  auto committed = co_await store_.commit(body);
  if (committed && reopened) worker_.take(*reopened, clock_.now());
  co_return committed;
}

}  // namespace baedal::payment
