#pragma once

#include <functional>

#include "kernel/error.hpp"
#include "platform/http/router.hpp"
#include "services/mypage/app/waiting_orders.hpp"

namespace baedal::mypage {

/// GET /actuator/waiting-orders: the orders that have waited longest for a delivery, with what they
/// wait for. 503 as long as `ready` says that the view does not know all events, in which orders of
/// long ago seem to wait.
void add_waiting_route(http::Router& router, const WaitingOrders& waiting,
                       std::function<Result<void>()> ready);

}  // namespace baedal::mypage
