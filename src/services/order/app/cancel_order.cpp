#include "services/order/app/cancel_order.hpp"

namespace baedal::order {
namespace {

std::unexpected<Error> not_found() {
  return fail(ErrorKind::kNotFound, "order-not-found", "There is no such order.");
}

std::unexpected<Error> already_delivered() {
  return fail(ErrorKind::kConflict, "order-delivered",
              "The order has been delivered and can no longer be cancelled.");
}

}  // namespace

Task<Result<Committed<Order>>> CancelOrder::run(const CancelOrderCommand& command, Check check) {
  auto first = co_await store_.recall(command.key);
  if (!first) co_return pass_on(first);
  if (*first) co_return Committed<Order>{std::move(**first), true};

  auto found = co_await store_.find(command.order);
  if (!found) co_return pass_on(found);
  if (!*found) co_return not_found();
  const Order& order = **found;
  if (!command.precondition.allows(order.version)) {
    co_return fail(ErrorKind::kPreconditionFailed, "version-mismatch",
                   "The order has another version than If-Match asks for.");
  }
  if (auto allowed = check(order); !allowed) co_return pass_on(allowed);
  if (order.status == OrderStatus::kCancelled) {
    if (command.key.empty()) co_return Committed<Order>{order};
    co_return co_await commit(command, order.delivery_id.value());  // keeps the answer of the key
  }
  if (!may_ask_for_cancel(order)) co_return already_delivered();

  const auto decision = co_await deliveries_.cancel(command.order);
  if (!decision) co_return std::unexpected(decision.error());
  if (!decision->cancelled) co_return already_delivered();
  co_return co_await commit(command, decision->delivery);
}

Task<Result<Committed<Order>>> CancelOrder::commit(const CancelOrderCommand& command,
                                                   DeliveryId delivery) {
  auto body = [&](OrderTx& tx) -> Result<Order> {
    auto found = tx.find(command.order);
    if (!found) return pass_on(found);
    if (!*found) return not_found();
    Order order = std::move(**found);
    const Outcome outcome =
        follow_delivery(order, delivery, DeliveryStatus::kCancelled, clock_.now());
    if (outcome == Outcome::kUnchanged) return order;  // DeliveryCancelled came first
    if (auto saved = tx.update(order); !saved) return pass_on(saved);
    const OrderEvent event{OrderEvent::Type::kCancelled, order};
    if (auto appended = tx.append(event); !appended) return pass_on(appended);
    return order;
  };
  co_return co_await store_.commit_once(command.key, body);
}

}  // namespace baedal::order
