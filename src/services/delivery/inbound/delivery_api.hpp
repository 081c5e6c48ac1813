#pragma once

#include "contracts/commands.hpp"
#include "services/delivery/app/cancel_of_order.hpp"

namespace baedal::delivery {

/// The delivery service as an order service in the same process calls it.
class LocalDeliveryApi final : public contracts::DeliveryApi {
 public:
  explicit LocalDeliveryApi(CancelOfOrder& cancel) : cancel_(cancel) {}
  Task<Result<contracts::DeliveryDecision>> cancel_delivery_of(std::int64_t order_id) override;

 private:
  CancelOfOrder& cancel_;
};

/// How a cancel came out, as the callers of either form hear it.
[[nodiscard]] contracts::DeliveryDecision to_contract(const Delivery& decided);

}  // namespace baedal::delivery
