#include "services/order/inbound/order_events.hpp"

#include "contracts/events.hpp"
#include "services/order/domain/words.hpp"

namespace baedal::order {
namespace {

using messaging::Envelope;

Task<Result<void>> on_delivery(FollowEvents& follow, const Envelope& envelope,
                               DeliveryStatus status) {
  const auto& event = messaging::decoded(envelope, contracts::decode_delivery_event);
  if (!event) co_return std::unexpected(event.error());
  co_return co_await follow.delivery(OrderId{event->order_id}, DeliveryId{event->id}, status);
}

Task<Result<void>> on_payment(FollowEvents& follow, const Envelope& envelope,
                              PaymentStatus status) {
  const auto& event = messaging::decoded(envelope, contracts::decode_payment_event);
  if (!event) co_return std::unexpected(event.error());
  co_return co_await follow.payment(OrderId{event->order_id}, PaymentId{event->id}, status);
}

Task<Result<void>> on_menu(FollowEvents& follow, const Envelope& envelope, bool deleted) {
  const auto& event = messaging::decoded(envelope, contracts::decode_menu_event);
  if (!event) co_return std::unexpected(event.error());
  MenuItem item{.id = MenuId{event->id}, .name = event->menu_name};
  item.currency = Currency::parse(event->currency).value_or(Currency::krw());
  if (event->price) item.price = Money{*event->price, item.currency};
  item.sold_out = event->sold_out;
  item.deleted = deleted;
  item.version = event->version;
  // A menu of another system has no version that tells old from new.
  const OnceKey key = OnceKey::of_event(envelope.id);
  co_return co_await follow.menu(item, key);
}

}  // namespace

void register_events(messaging::Subscriber& subscriber, FollowEvents& follow) {
  using namespace contracts::event;
  subscriber.on(kDeliveryStarted, [&follow](const Envelope& e) {
    return on_delivery(follow, e, DeliveryStatus::kStarted);
  });
  subscriber.on(kDeliveryCompleted, [&follow](const Envelope& e) {
    return on_delivery(follow, e, DeliveryStatus::kComplete);
  });
  subscriber.on(kDeliveryCancelled, [&follow](const Envelope& e) {
    return on_delivery(follow, e, DeliveryStatus::kCancelled);
  });
  subscriber.on(
      kPaid, [&follow](const Envelope& e) { return on_payment(follow, e, PaymentStatus::kPaid); });
  subscriber.on(kPaymentFailed, [&follow](const Envelope& e) {
    return on_payment(follow, e, PaymentStatus::kDeclined);
  });
  subscriber.on(kPaymentRefunded, [&follow](const Envelope& e) {
    return on_payment(follow, e, PaymentStatus::kRefunded);
  });
  subscriber.on(kMenuCreated, [&follow](const Envelope& e) { return on_menu(follow, e, false); });
  subscriber.on(kMenuChanged, [&follow](const Envelope& e) { return on_menu(follow, e, false); });
  subscriber.on(kMenuDeleted, [&follow](const Envelope& e) { return on_menu(follow, e, true); });
}

}  // namespace baedal::order
