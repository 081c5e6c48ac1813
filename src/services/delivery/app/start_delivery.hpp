#pragma once

#include "kernel/clock.hpp"
#include "services/delivery/app/ports.hpp"

namespace baedal::delivery {

/// Starts the delivery of an order that has been paid.
class StartDelivery {
 public:
  StartDelivery(DeliveryStore& store, const Clock& clock) : store_(store), clock_(clock) {}

  /// Idempotent by `key` and by order: an order's second start changes nothing.
  Task<Result<Committed<Delivery>>> run(OrderId order, const OnceKey& key);

 private:
  DeliveryStore& store_;
  const Clock& clock_;
};

}  // namespace baedal::delivery
