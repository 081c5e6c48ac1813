#pragma once

#include "services/delivery/app/ports.hpp"

namespace baedal::delivery {

/// Reads: committed state only.
class DeliveryQueries {
 public:
  explicit DeliveryQueries(DeliveryStore& store) : store_(store) {}
  Task<Result<std::optional<Delivery>>> find(DeliveryId id) { return store_.find(id); }
  Task<Result<std::optional<Delivery>>> find_of_order(OrderId order) {
    return store_.find_of_order(order);
  }
  Task<Result<DeliveryList>> list(const DeliveryListRequest& request) {
    return store_.list(request);
  }
  /// The answer an earlier change with `key` gave, if there was one.
  Task<Result<std::optional<Delivery>>> recall(const OnceKey& key) { return store_.recall(key); }

 private:
  DeliveryStore& store_;
};

}  // namespace baedal::delivery
