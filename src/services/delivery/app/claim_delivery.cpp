#include "services/delivery/app/claim_delivery.hpp"

namespace baedal::delivery {

Task<Result<Delivery>> ClaimDelivery::run(DeliveryId id, const std::string& courier) {
  auto body = [&](DeliveryTx& tx) -> Result<Delivery> {
    auto found = tx.find(id);
    if (!found) return pass_on(found);
    if (!*found) {
      return fail(ErrorKind::kNotFound, "delivery-not-found", "There is no such delivery.");
    }
    auto holder = tx.courier_of(id);
    if (!holder) return pass_on(holder);
    if (*holder == courier) return **found;
    if (*holder) {
      return fail(ErrorKind::kConflict, "delivery-taken", "Another courier has the delivery.");
    }
    if ((*found)->status != DeliveryStatus::kStarted) {
      return fail(ErrorKind::kConflict, "delivery-over", "The delivery is not under way.");
    }
    if (auto kept = tx.insert_courier(id, courier); !kept) return pass_on(kept);
    return **found;
  };
  const OnceKey key = OnceKey::none();  // taking it twice is taking it once
  auto taken = co_await store_.commit_once(key, body);
  if (!taken) co_return pass_on(taken);
  co_return taken->value;
}

}  // namespace baedal::delivery
