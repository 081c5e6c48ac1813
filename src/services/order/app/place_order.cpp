#include "services/order/app/place_order.hpp"

namespace baedal::order {

Task<Result<Committed<Order>>> PlaceOrder::run(const PlaceOrderCommand& command) {
  // read
  const auto item = co_await menu(command.menu);
  // decide
  const auto placed = item ? place(*item, command.quantity, clock_.now())
                           : Result<Order>{std::unexpected(item.error())};
  if (!placed) {
    // A repeated key gives the first answer even when the menu is sold out or gone since.
    auto first = co_await store_.recall(command.key);
    if (!first) co_return pass_on(first);
    if (*first) co_return Committed<Order>{std::move(**first), true};
    co_return std::unexpected(placed.error());
  }
  // commit
  auto body = [&](OrderTx& tx) -> Result<Order> {
    auto id = tx.next_id();
    if (!id) return pass_on(id);
    Order order = *placed;
    order.id = *id;
    if (auto saved = tx.insert(order); !saved) return pass_on(saved);
    if (command.customer) {
      auto owned = tx.insert_customer(order.id, *command.customer);
      if (!owned) return pass_on(owned);
    }
    const OrderEvent event{OrderEvent::Type::kOrdered, order, command.payment_token,
                           command.customer};
    if (auto appended = tx.append(event); !appended) return pass_on(appended);
    return order;
  };
  co_return co_await store_.commit_once(command.key, body);
}

Task<Result<MenuItem>> PlaceOrder::menu(MenuId id) {
  auto known = co_await store_.find_menu(id);
  if (!known) co_return pass_on(known);
  if (*known) co_return std::move(**known);
  auto asked = co_await menus_.find(id);
  if (!asked) co_return pass_on(asked);
  if (*asked) co_return std::move(**asked);
  co_return fail(ErrorKind::kUnprocessable, "menu-unknown", "There is no such menu.");
}

}  // namespace baedal::order
