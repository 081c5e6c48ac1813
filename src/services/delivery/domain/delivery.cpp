#include "services/delivery/domain/delivery.hpp"

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

}  // namespace

Decision start(const std::optional<Delivery>& present, OrderId order, Timestamp now) {
  return present ? unchanged(*present) : fresh(order, DeliveryStatus::kStarted, now);
}

Result<Decision> complete(const Delivery& present, Timestamp now) {
  switch (present.status) {
    case DeliveryStatus::kStarted:
      return changed(present, DeliveryStatus::kComplete, now);
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
