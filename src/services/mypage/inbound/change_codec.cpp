#include "services/mypage/inbound/change_codec.hpp"

#include "contracts/events.hpp"

namespace baedal::mypage {
namespace {

using namespace contracts::event;
using messaging::Envelope;

constexpr std::string_view kTypes[] = {kOrdered,           kOrderCancelled,   kPaid,
                                       kPaymentFailed,     kPaymentRefunded,  kDeliveryStarted,
                                       kDeliveryCompleted, kDeliveryCancelled};

Result<std::optional<Change>> order_change(const Envelope& envelope, OrderStatus status) {
  const auto& event = messaging::decoded(envelope, contracts::decode_order_event);
  if (!event) return std::unexpected(event.error());
  OrderFacts facts{.menu_id = event->menu_id, .menu_name = event->menu_name};
  facts.quantity = event->quantity;
  facts.amount = event->amount;
  facts.currency = event->currency;
  facts.created_at = event->created_at.micros == 0 ? envelope.time : event->created_at;
  return Change{OrderId{event->id}, envelope.time,
                OrderNews{std::move(facts), status, event->customer_id}, envelope.id};
}

Result<std::optional<Change>> payment_change(const Envelope& envelope, PaymentStatus status) {
  const auto& event = messaging::decoded(envelope, contracts::decode_payment_event);
  if (!event) return std::unexpected(event.error());
  return Change{OrderId{event->order_id}, envelope.time, PaymentNews{event->id, status},
                envelope.id};
}

Result<std::optional<Change>> delivery_change(const Envelope& envelope, DeliveryStatus status) {
  const auto& event = messaging::decoded(envelope, contracts::decode_delivery_event);
  if (!event) return std::unexpected(event.error());
  // Told late, it was there all the same.
  const Timestamp time = event->completed_at.value_or(envelope.time);
  return Change{OrderId{event->order_id}, time, DeliveryNews{event->id, status}, envelope.id};
}

}  // namespace

std::span<const std::string_view> event_types() { return kTypes; }

Result<std::optional<Change>> to_change(const Envelope& envelope) {
  const std::string type = messaging::type_of(envelope);
  if (type == kOrdered) return order_change(envelope, OrderStatus::kOrdered);
  if (type == kOrderCancelled) return order_change(envelope, OrderStatus::kCancelled);
  if (type == kPaid) return payment_change(envelope, PaymentStatus::kPaid);
  if (type == kPaymentFailed) return payment_change(envelope, PaymentStatus::kDeclined);
  if (type == kPaymentRefunded) return payment_change(envelope, PaymentStatus::kRefunded);
  if (type == kDeliveryStarted) return delivery_change(envelope, DeliveryStatus::kStarted);
  if (type == kDeliveryCompleted) return delivery_change(envelope, DeliveryStatus::kComplete);
  if (type == kDeliveryCancelled) return delivery_change(envelope, DeliveryStatus::kCancelled);
  return std::nullopt;
}

}  // namespace baedal::mypage
