#include "services/order/app/follow_events.hpp"

namespace baedal::order {

Task<Result<void>> FollowEvents::delivery(OrderId order, DeliveryId delivery,
                                          DeliveryStatus status) {
  auto decide = [&](Order& o) { return follow_delivery(o, delivery, status, clock_.now()); };
  co_return co_await change(order, decide);
}

Task<Result<void>> FollowEvents::payment(OrderId order, PaymentId payment, PaymentStatus status) {
  auto decide = [&](Order& o) { return follow_payment(o, payment, status, clock_.now()); };
  co_return co_await change(order, decide);
}

Task<Result<void>> FollowEvents::menu(const MenuItem& item, const OnceKey& key) {
  auto body = [&](OrderTx& tx) -> Result<void> {
    auto known = tx.find_menu(item.id);
    if (!known) return pass_on(known);
    // A deleted menu never comes back; a foreign event without a version always counts as news.
    const bool stale =
        *known && ((*known)->deleted ||
                   (item.version != 0 && (*known)->version >= item.version && !item.deleted));
    if (stale) return {};
    return tx.save_menu(item);
  };
  co_return co_await store_.commit_event(key, body);
}

Task<Result<void>> FollowEvents::change(OrderId id, FunctionRef<Outcome(Order&)> decide) {
  auto body = [&](OrderTx& tx) -> Result<void> {
    auto found = tx.find(id);
    if (!found) return pass_on(found);
    if (!*found) return fail(ErrorKind::kNotFound, "order-not-found", "There is no such order.");
    Order& order = **found;
    const Outcome outcome = decide(order);
    if (outcome == Outcome::kUnchanged) return {};
    if (auto saved = tx.update(order); !saved) return saved;
    if (outcome != Outcome::kCancelled) return {};
    return tx.append(OrderEvent{OrderEvent::Type::kCancelled, order});
  };
  const OnceKey no_key = OnceKey::none();
  co_return co_await store_.commit_event(no_key, body);
}

}  // namespace baedal::order
