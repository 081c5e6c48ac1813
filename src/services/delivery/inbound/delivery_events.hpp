#pragma once

#include "platform/messaging/subscriber.hpp"
#include "services/delivery/app/cancel_of_order.hpp"
#include "services/delivery/app/start_delivery.hpp"

namespace baedal::delivery {

/// Registers what this service listens to: Paid starts a delivery, PaymentFailed sees to it that
/// none starts. An order alone (Ordered) starts nothing: it has to be paid first.
void register_events(messaging::Subscriber& subscriber, StartDelivery& start,
                     CancelOfOrder& cancel);

}  // namespace baedal::delivery
