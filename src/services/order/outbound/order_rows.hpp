#pragma once

#include "platform/store/table.hpp"
#include "services/order/domain/order.hpp"

namespace baedal::order {

[[nodiscard]] store::Row to_row(const Order& order);
[[nodiscard]] Order to_order(const store::Row& row);
[[nodiscard]] store::Row to_row(const MenuItem& item);
[[nodiscard]] MenuItem to_menu_item(const store::Row& row);

}  // namespace baedal::order
