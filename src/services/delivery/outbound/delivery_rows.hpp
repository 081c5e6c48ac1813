#pragma once

#include "platform/store/table.hpp"
#include "services/delivery/domain/delivery.hpp"

namespace baedal::delivery {

[[nodiscard]] store::Row to_row(const Delivery& delivery);
[[nodiscard]] Delivery to_delivery(const store::Row& row);

}  // namespace baedal::delivery
