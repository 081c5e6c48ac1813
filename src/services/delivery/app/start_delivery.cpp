#include "services/delivery/app/start_delivery.hpp"

#include "services/delivery/app/carry_out.hpp"

namespace baedal::delivery {

Task<Result<Committed<Delivery>>> StartDelivery::run(OrderId order, const OnceKey& key) {
  auto body = [&](DeliveryTx& tx) -> Result<Delivery> {
    auto present = tx.find_of_order(order);
    if (!present) return pass_on(present);
    return carry_out(tx, start(*present, order, clock_.now()));
  };
  co_return co_await store_.commit_once(key, body);
}

}  // namespace baedal::delivery
