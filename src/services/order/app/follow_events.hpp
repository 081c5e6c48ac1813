#pragma once

#include "kernel/clock.hpp"
#include "services/order/app/ports.hpp"

namespace baedal::order {

/// Keeps the order in step with what delivery, payment and menu say. Each call is idempotent by its
/// key (the event's id). kNotFound: news of an order this service never took.
class FollowEvents {
 public:
  FollowEvents(OrderStore& store, const Clock& clock) : store_(store), clock_(clock) {}

  Task<Result<void>> delivery(OrderId order, DeliveryId delivery, DeliveryStatus status,
                              const OnceKey& key);
  Task<Result<void>> payment(OrderId order, PaymentId payment, PaymentStatus status,
                             const OnceKey& key);
  /// Replaces the replica of that menu, unless it is newer already. `item.deleted` marks the end.
  Task<Result<void>> menu(const MenuItem& item, const OnceKey& key);

 private:
  Task<Result<void>> change(OrderId id, const OnceKey& key, FunctionRef<Outcome(Order&)> decide);

  OrderStore& store_;
  const Clock& clock_;
};

}  // namespace baedal::order
