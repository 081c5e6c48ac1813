#include "services/delivery/app/cancel_of_order.hpp"

#include "services/delivery/app/carry_out.hpp"

namespace baedal::delivery {

Task<Result<Committed<Delivery>>> CancelOfOrder::run(OrderId order, const OnceKey& key) {
  auto body = [&](DeliveryTx& tx) -> Result<Delivery> {
    auto present = tx.find_of_order(order);
    if (!present) return pass_on(present);
    return carry_out(tx, cancel_of_order(*present, order, clock_.now()));
  };
  co_return co_await store_.commit_once(key, body);
}

}  // namespace baedal::delivery
