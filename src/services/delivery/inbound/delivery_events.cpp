#include "services/delivery/inbound/delivery_events.hpp"

#include "contracts/events.hpp"

namespace baedal::delivery {
namespace {

using messaging::Envelope;

Task<Result<void>> on_paid(StartDelivery& start, const Envelope& envelope) {
  const auto& event = messaging::decoded(envelope, contracts::decode_payment_event);
  if (!event) co_return std::unexpected(event.error());
  auto started = co_await start.run(OrderId{event->order_id});
  if (!started) co_return pass_on(started);
  co_return Result<void>{};
}

Task<Result<void>> on_payment_failed(CancelOfOrder& cancel, const Envelope& envelope) {
  const auto& event = messaging::decoded(envelope, contracts::decode_payment_event);
  if (!event) co_return std::unexpected(event.error());
  const OnceKey no_key = OnceKey::none();
  auto cancelled = co_await cancel.run(OrderId{event->order_id}, no_key);
  if (!cancelled) co_return pass_on(cancelled);
  if (cancelled->value.status != DeliveryStatus::kCancelled) {
    // Never so while payments are sound: parked, for a person to look at.
    co_return fail(ErrorKind::kConflict, "delivery-complete",
                   "The payment of an order failed whose delivery is complete.");
  }
  co_return Result<void>{};
}

}  // namespace

void register_events(messaging::Subscriber& subscriber, StartDelivery& start,
                     CancelOfOrder& cancel) {
  subscriber.on(contracts::event::kPaid,
                [&start](const Envelope& envelope) { return on_paid(start, envelope); });
  subscriber.on(contracts::event::kPaymentFailed, [&cancel](const Envelope& envelope) {
    return on_payment_failed(cancel, envelope);
  });
}

}  // namespace baedal::delivery
