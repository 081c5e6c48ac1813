#pragma once

#include "platform/http/router.hpp"
#include "services/delivery/app/claim_delivery.hpp"
#include "services/delivery/app/delivery_queries.hpp"

namespace baedal::delivery {

/// How a courier takes a delivery: POST /deliveries/{id}/claim, 204. Where nobody says who they
/// are, nothing is kept and anybody completes. Must outlive the router.
class Claims {
 public:
  Claims(ClaimDelivery& claim, DeliveryQueries& queries) : claim_(claim), queries_(queries) {}
  void add_routes(http::Router& router);

 private:
  Task<http::Response> post(http::Request& request);

  Task<Result<void>> take(http::Request& request, DeliveryId id);

  ClaimDelivery& claim_;
  DeliveryQueries& queries_;
};

}  // namespace baedal::delivery
