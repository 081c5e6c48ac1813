#pragma once

#include "platform/http/idempotency.hpp"
#include "platform/http/router.hpp"
#include "services/delivery/app/cancel_of_order.hpp"

namespace baedal::delivery {

/// The delivery service as an order service in another process calls it:
///   POST /deliveries/cancellations {"orderId":7}
///   200 {"deliveryId":3,"orderId":7,"cancelled":true}     false: refused, the delivery is complete
/// Idempotent, with an Idempotency-Key or without. Must outlive the router.
class Cancellations {
 public:
  explicit Cancellations(CancelOfOrder& cancel) : cancel_(cancel) {}
  void add_routes(http::Router& router);

 private:
  Task<http::Response> post(http::Request& request);

  CancelOfOrder& cancel_;
  http::Idempotency idempotency_;
};

}  // namespace baedal::delivery
