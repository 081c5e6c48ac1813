#pragma once

#include "platform/store/table.hpp"
#include "services/menu/domain/menu.hpp"

namespace baedal::menu {

[[nodiscard]] store::Row to_row(const Menu& menu);
[[nodiscard]] Menu to_menu(const store::Row& row);

}  // namespace baedal::menu
