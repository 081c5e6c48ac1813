#pragma once

#include "kernel/clock.hpp"
#include "services/order/app/ports.hpp"

namespace baedal::order {

/// Keeps the order in step with what delivery, payment and menu say. News of an order are
/// idempotent by its state, which goes only forward; those of a menu by their key (the event's id).
/// kNotFound: news of an order this service never took.
class FollowEvents {
 public:
  FollowEvents(OrderStore& store, const Clock& clock) : store_(store), clock_(clock) {}

  Task<Result<void>> delivery(OrderId order, DeliveryId delivery, DeliveryStatus status);
  Task<Result<void>> payment(OrderId order, PaymentId payment, PaymentStatus status);
  /// Replaces the replica of that menu, unless it is newer already. `item.deleted` marks the end.
  Task<Result<void>> menu(const MenuItem& item, const OnceKey& key);

 private:
  Task<Result<void>> change(OrderId id, FunctionRef<Outcome(Order&)> decide);

  OrderStore& store_;
  const Clock& clock_;
};

}  // namespace baedal::order
