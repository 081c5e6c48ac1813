#include "services/menu/inbound/menu_api.hpp"

namespace baedal::menu {
namespace {

contracts::MenuItem to_contract(const Menu& menu) {
  return {.id = menu.id.value(),
          .name = menu.details.name,
          .price = menu.details.price,
          .currency = std::string{menu.details.currency.code()},
          .sold_out = menu.details.sold_out,
          .version = menu.version};
}

}  // namespace

Task<Result<std::optional<contracts::MenuItem>>> LocalMenuApi::find_menu(std::int64_t menu_id) {
  auto menu = co_await queries_.find(MenuId{menu_id});
  if (!menu) co_return pass_on(menu);
  co_return menu->transform(to_contract);
}

}  // namespace baedal::menu
