#include "services/payment/inbound/payment_events.hpp"

#include "services/payment/inbound/order_news.hpp"

namespace baedal::payment {
namespace {

using messaging::Envelope;

Task<Result<void>> on_ordered(FollowOrders& follow, const Envelope& envelope) {
  const auto& event = messaging::decoded(envelope, contracts::decode_order_event);
  if (!event) co_return std::unexpected(event.error());
  auto news = to_news(*event);
  if (!news) co_return pass_on(news);
  co_return co_await follow.ordered(*news);
}

Task<Result<void>> on_cancelled(FollowOrders& follow, const Envelope& envelope) {
  const auto& event = messaging::decoded(envelope, contracts::decode_order_event);
  if (!event) co_return std::unexpected(event.error());
  co_return co_await follow.cancelled(OrderId{event->id}, currency_of(*event));
}

}  // namespace

void register_events(messaging::Subscriber& subscriber, FollowOrders& follow) {
  using namespace contracts::event;
  subscriber.on(kOrdered, [&follow](const Envelope& e) { return on_ordered(follow, e); });
  subscriber.on(kOrderCancelled, [&follow](const Envelope& e) { return on_cancelled(follow, e); });
}

}  // namespace baedal::payment
