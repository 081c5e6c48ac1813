#pragma once

#include "contracts/commands.hpp"
#include "services/order/outbound/remote_service.hpp"

namespace baedal::order {

/// The delivery service in another process: POST /deliveries/cancellations. Asked once: when the
/// answer is lost the order stays as it is, and DeliveryCancelled tells it later.
class RemoteDelivery final : public contracts::DeliveryApi {
 public:
  explicit RemoteDelivery(RemoteService& service) : service_(service) {}
  Task<Result<contracts::DeliveryDecision>> cancel_delivery_of(std::int64_t order_id) override;

 private:
  RemoteService& service_;
};

}  // namespace baedal::order
