#pragma once

#include "contracts/events.hpp"
#include "kernel/error.hpp"
#include "services/payment/app/follow_orders.hpp"

namespace baedal::payment {

/// What an order's event means here. kInvalid: an amount below zero or a token without end, which
/// no retry will mend. An order without a price is paid with an amount of zero.
[[nodiscard]] Result<OrderNews> to_news(const contracts::OrderEvent& event);

/// The event's currency; won when it is none.
[[nodiscard]] Currency currency_of(const contracts::OrderEvent& event);

}  // namespace baedal::payment
