#pragma once

#include "services/delivery/app/ports.hpp"

namespace baedal::delivery {

/// The end of every body: writes what was decided and tells the others of it. A decision for no
/// change writes and tells nothing.
[[nodiscard]] Result<Delivery> carry_out(DeliveryTx& tx, Decision decision);

}  // namespace baedal::delivery
