#include "services/delivery/app/start_delivery.hpp"

#include "services/delivery/app/carry_out.hpp"

namespace baedal::delivery {

Task<Result<Delivery>> StartDelivery::run(OrderId order) {
  auto body = [&](DeliveryTx& tx) -> Result<Delivery> {
    auto present = tx.find_of_order(order);
    if (!present) return pass_on(present);
    return carry_out(tx, start(*present, order, clock_.now()));
  };
  const OnceKey no_key = OnceKey::none();
  auto started = co_await store_.commit_once(no_key, body);
  if (!started) co_return pass_on(started);
  co_return std::move(started->value);
}

}  // namespace baedal::delivery
