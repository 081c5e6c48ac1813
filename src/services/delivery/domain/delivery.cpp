#include "services/delivery/domain/delivery.hpp"

#include <algorithm>

namespace baedal::delivery {
namespace {

Decision unchanged(const Delivery& present) { return {present, Change::kNone}; }

Decision fresh(OrderId order, DeliveryStatus status, Timestamp now) {
  return {
      Delivery{
          .order_id = order, .status = status, .version = 1, .created_at = now, .updated_at = now},
      Change::kNew};
}

Decision changed(const Delivery& present, DeliveryStatus status, Timestamp now) {
  Delivery delivery = present;
  delivery.status = status;
  ++delivery.version;
  delivery.updated_at = now;
  return {delivery, Change::kChanged};
}

std::unexpected<Error> impossible(const char* why) {
  return fail(ErrorKind::kUnprocessable, "completed-at-impossible", why);
}

/// When it was there: nobody is refused who says nothing, whatever the server's clock did
/// meanwhile.
Result<Timestamp> time_of(const Delivery& present, Timestamp now, std::optional<Timestamp> said) {
  if (!said) return std::max(now, present.created_at);
  const Timestamp at = *said;
  if (at > now + kClockSkewMax) {
    return impossible("\"completedAt\" is still to come: more than two minutes from now.");
  }
  if (at < now + -kToldLateMax) {
    return impossible("\"completedAt\" is more than 24 hours ago.");
  }
  if (at < present.created_at + -kClockSkewMax) {
    return impossible("\"completedAt\" is more than two minutes before the delivery started.");
  }
  return std::max(std::min(at, now), present.created_at);
}

}  // namespace

Decision start(const std::optional<Delivery>& present, OrderId order, Timestamp now) {
  return present ? unchanged(*present) : fresh(order, DeliveryStatus::kStarted, now);
}

Result<Decision> complete(const Delivery& present, Timestamp now, std::optional<Timestamp> at) {
  switch (present.status) {
    case DeliveryStatus::kStarted: {
      auto completed_at = time_of(present, now, at);
      if (!completed_at) return pass_on(completed_at);
      Decision decision = changed(present, DeliveryStatus::kComplete, now);
      decision.delivery.completed_at = *completed_at;
      return decision;
    }
    case DeliveryStatus::kComplete:
      return unchanged(present);
    case DeliveryStatus::kCancelled:
      break;
  }
  return fail(ErrorKind::kConflict, "delivery-cancelled",
              "The delivery has been cancelled and can no longer be completed.");
}

Result<Decision> cancel(const Delivery& present, Timestamp now) {
  switch (present.status) {
    case DeliveryStatus::kStarted:
      return changed(present, DeliveryStatus::kCancelled, now);
    case DeliveryStatus::kCancelled:
      return unchanged(present);
    case DeliveryStatus::kComplete:
      break;
  }
  return fail(ErrorKind::kConflict, "delivery-complete",
              "The delivery is complete and can no longer be cancelled.");
}

Decision cancel_of_order(const std::optional<Delivery>& present, OrderId order, Timestamp now) {
  if (!present) return fresh(order, DeliveryStatus::kCancelled, now);
  return cancel(*present, now).value_or(unchanged(*present));
}

}  // namespace baedal::delivery
