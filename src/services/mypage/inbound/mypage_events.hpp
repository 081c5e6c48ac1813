#pragma once

#include <string>
#include <utility>

#include "platform/messaging/bus.hpp"
#include "platform/messaging/subscriber.hpp"
#include "services/mypage/app/projection.hpp"

namespace baedal::mypage {

/// Registers the view's event handlers.
void register_events(messaging::Subscriber& subscriber, Projection& projection);

/// EventHistory over the bus, whose group `group` feeds the live view. Events that cannot be read
/// are passed over: live, they were parked.
class BusHistory final : public EventHistory {
 public:
  BusHistory(messaging::Bus& bus, std::string group) : bus_(bus), group_(std::move(group)) {}
  Task<Result<void>> replay(Handler handler) override;
  [[nodiscard]] bool caught_up() const override;

 private:
  messaging::Bus& bus_;
  std::string group_;
};

}  // namespace baedal::mypage
