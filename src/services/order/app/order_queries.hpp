#pragma once

#include "services/order/app/ports.hpp"

namespace baedal::order {

/// Reads: committed state only.
class OrderQueries {
 public:
  explicit OrderQueries(OrderStore& store) : store_(store) {}
  Task<Result<std::optional<Order>>> find(OrderId id) { return store_.find(id); }
  /// The answer an earlier commit with that key gave.
  Task<Result<std::optional<Order>>> recall(const OnceKey& key) { return store_.recall(key); }
  Task<Result<OrderList>> list(const OrderListRequest& request) { return store_.list(request); }
  Task<Result<std::optional<std::string>>> customer_of(OrderId id) {
    return store_.customer_of(id);
  }
  Task<Result<OrderList>> list_of(const std::string& customer, const OrderListRequest& request) {
    return store_.list_of(customer, request);
  }

 private:
  OrderStore& store_;
};

}  // namespace baedal::order
