#pragma once

#include "platform/messaging/bus.hpp"
#include "platform/messaging/subscriber.hpp"
#include "services/mypage/app/projection.hpp"

namespace baedal::mypage {

/// Registers the view's event handlers.
void register_events(messaging::Subscriber& subscriber, Projection& projection);

/// EventHistory over the bus. Events that cannot be read are passed over: live, they were parked.
class BusHistory final : public EventHistory {
 public:
  explicit BusHistory(messaging::Bus& bus) : bus_(bus) {}
  Task<Result<void>> replay(Handler handler) override;

 private:
  messaging::Bus& bus_;
};

}  // namespace baedal::mypage
