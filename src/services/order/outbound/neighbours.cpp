#include "services/order/outbound/neighbours.hpp"

namespace baedal::order {

Task<Result<CancelDecision>> ContractDeliveryDesk::cancel(OrderId order) {
  auto decision = co_await api_.cancel_delivery_of(order.value());
  if (!decision) co_return pass_on(decision);
  co_return CancelDecision{DeliveryId{decision->delivery_id}, decision->cancelled};
}

Task<Result<std::optional<MenuItem>>> ContractMenuCatalog::find(MenuId id) {
  auto found = co_await api_.find_menu(id.value());
  if (!found) co_return pass_on(found);
  if (!*found) co_return std::nullopt;
  const contracts::MenuItem& menu = **found;
  MenuItem item{.id = MenuId{menu.id}, .name = menu.name};
  item.currency = Currency::parse(menu.currency).value_or(Currency::krw());
  if (menu.price) item.price = Money{*menu.price, item.currency};
  item.sold_out = menu.sold_out;
  item.version = menu.version;
  co_return std::optional{std::move(item)};
}

}  // namespace baedal::order
