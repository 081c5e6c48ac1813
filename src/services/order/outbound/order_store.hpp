#pragma once

#include "kernel/clock.hpp"
#include "platform/store/store.hpp"
#include "services/order/app/ports.hpp"
#include "services/order/outbound/menu_cache.hpp"

namespace baedal::order {

/// OrderStore over any product behind store::Store: maps orders to rows and events to the outbox.
class StoredOrders final : public OrderStore {
 public:
  StoredOrders(store::Store& store, const Clock& clock)
      : store_(store), clock_(clock), menus_(clock) {}

  Task<Result<Committed<Order>>> commit_once(const OnceKey& key,
                                             FunctionRef<Result<Order>(OrderTx&)> body) override;
  Task<Result<void>> commit_event(const OnceKey& key,
                                  FunctionRef<Result<void>(OrderTx&)> body) override;
  Task<Result<std::optional<Order>>> recall(const OnceKey& key) override;
  Task<Result<std::optional<Order>>> find(OrderId id) override;
  Task<Result<OrderList>> list(const OrderListRequest& request) override;
  Task<Result<std::optional<std::string>>> customer_of(OrderId id) override;
  Task<Result<OrderList>> list_of(const std::string& customer,
                                  const OrderListRequest& request) override;
  Task<Result<std::optional<MenuItem>>> find_menu(MenuId id) override;

 private:
  store::Store& store_;
  const Clock& clock_;
  MenuCache menus_;
};

}  // namespace baedal::order
