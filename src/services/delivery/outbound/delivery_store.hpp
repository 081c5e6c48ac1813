#pragma once

#include "kernel/clock.hpp"
#include "platform/store/store.hpp"
#include "services/delivery/app/ports.hpp"

namespace baedal::delivery {

/// DeliveryStore over any product behind store::Store: maps deliveries to rows and events to the
/// outbox.
class StoredDeliveries final : public DeliveryStore {
 public:
  StoredDeliveries(store::Store& store, const Clock& clock) : store_(store), clock_(clock) {}

  Task<Result<Committed<Delivery>>> commit_once(
      const OnceKey& key, FunctionRef<Result<Delivery>(DeliveryTx&)> body) override;
  Task<Result<std::optional<Delivery>>> recall(const OnceKey& key) override;
  Task<Result<std::optional<Delivery>>> find(DeliveryId id) override;
  Task<Result<std::optional<Delivery>>> find_of_order(OrderId order) override;
  Task<Result<DeliveryList>> list(const DeliveryListRequest& request) override;

 private:
  store::Store& store_;
  const Clock& clock_;
};

}  // namespace baedal::delivery
