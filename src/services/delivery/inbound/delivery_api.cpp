#include "services/delivery/inbound/delivery_api.hpp"

namespace baedal::delivery {

contracts::DeliveryDecision to_contract(const Delivery& decided) {
  return {.delivery_id = decided.id.value(),
          .cancelled = decided.status == DeliveryStatus::kCancelled};
}

Task<Result<contracts::DeliveryDecision>> LocalDeliveryApi::cancel_delivery_of(
    std::int64_t order_id) {
  // The command is idempotent by what it does: no key is needed.
  const OnceKey key = OnceKey::none();
  auto decided = co_await cancel_.run(OrderId{order_id}, key);
  if (!decided) co_return pass_on(decided);
  co_return to_contract(decided->value);
}

}  // namespace baedal::delivery
