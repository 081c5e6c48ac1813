#pragma once

#include "platform/messaging/subscriber.hpp"
#include "services/order/app/follow_events.hpp"

namespace baedal::order {

/// Registers what this service listens to: deliveries, payments and menus.
void register_events(messaging::Subscriber& subscriber, FollowEvents& follow);

}  // namespace baedal::order
