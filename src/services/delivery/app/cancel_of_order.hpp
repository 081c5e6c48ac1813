#pragma once

#include "kernel/clock.hpp"
#include "services/delivery/app/ports.hpp"

namespace baedal::delivery {

/// Cancels the delivery of an order, started or not: for the order service's cancel, and for an
/// order whose payment failed.
class CancelOfOrder {
 public:
  CancelOfOrder(DeliveryStore& store, const Clock& clock) : store_(store), clock_(clock) {}

  /// The delivery as it stands after the decision: cancelled, or complete, which is the refusal.
  /// Idempotent.
  Task<Result<Committed<Delivery>>> run(OrderId order, const OnceKey& key);

 private:
  DeliveryStore& store_;
  const Clock& clock_;
};

}  // namespace baedal::delivery
