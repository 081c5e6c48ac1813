#pragma once

#include "kernel/clock.hpp"
#include "services/order/app/ports.hpp"

namespace baedal::order {

struct PlaceOrderCommand {
  MenuId menu{};
  std::int64_t quantity = 1;
  std::optional<std::string> payment_token{};
  OnceKey key{};
  std::optional<std::string> customer{};  ///< whose it will be; none: nobody's
};

/// Takes an order: durable before it answers, waits neither for payment nor for delivery.
class PlaceOrder {
 public:
  PlaceOrder(OrderStore& store, MenuCatalog& menus, const Clock& clock)
      : store_(store), menus_(menus), clock_(clock) {}

  /// kUnprocessable: unknown, deleted or sold-out menu. kUnavailable: a menu never heard of, and
  /// the menu service cannot be asked.
  Task<Result<Committed<Order>>> run(const PlaceOrderCommand& command);

 private:
  Task<Result<MenuItem>> menu(MenuId id);

  OrderStore& store_;
  MenuCatalog& menus_;
  const Clock& clock_;
};

}  // namespace baedal::order
