#pragma once

#include "platform/messaging/subscriber.hpp"
#include "services/payment/app/follow_orders.hpp"

namespace baedal::payment {

/// Registers what this service listens to: orders.
void register_events(messaging::Subscriber& subscriber, FollowOrders& follow);

}  // namespace baedal::payment
