#pragma once

#include "kernel/clock.hpp"
#include "services/delivery/app/ports.hpp"

namespace baedal::delivery {

/// Starts the delivery of an order that has been paid.
class StartDelivery {
 public:
  StartDelivery(DeliveryStore& store, const Clock& clock) : store_(store), clock_(clock) {}

  /// The delivery as it stands then. Idempotent by order: a second start changes nothing.
  Task<Result<Delivery>> run(OrderId order);

 private:
  DeliveryStore& store_;
  const Clock& clock_;
};

}  // namespace baedal::delivery
