#include "services/menu/outbound/menu_rows.hpp"

#include "platform/store/cells.hpp"
#include "services/menu/outbound/menu_tables.hpp"

namespace baedal::menu {

store::Row to_row(const Menu& menu) {
  const MenuDetails& details = menu.details;
  return {menu.id.value(),
          details.name,
          store::cell(details.price),
          std::string{details.currency.code()},
          std::int64_t{details.sold_out},
          menu.version,
          menu.created_at.micros,
          menu.updated_at.micros};
}

Menu to_menu(const store::Row& row) {
  MenuDetails details{.name = store::text_at(row, kMenuName)};
  details.price = store::optional_integer_at(row, kMenuPrice);
  details.currency = Currency::parse(store::text_at(row, kMenuCurrency)).value_or(Currency::krw());
  details.sold_out = store::integer_at(row, kMenuSoldOut) != 0;
  return {.id = MenuId{store::integer_at(row, kMenuId)},
          .details = std::move(details),
          .version = store::integer_at(row, kMenuVersion),
          .created_at = store::time_at(row, kMenuCreatedAt),
          .updated_at = store::time_at(row, kMenuUpdatedAt)};
}

}  // namespace baedal::menu
