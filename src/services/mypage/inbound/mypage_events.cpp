#include "services/mypage/inbound/mypage_events.hpp"

#include <algorithm>

#include "kernel/async/sync.hpp"
#include "services/mypage/inbound/change_codec.hpp"

namespace baedal::mypage {
namespace {

using messaging::Delivery;
using messaging::Envelope;

Task<Result<void>> on_event(Projection& projection, const Envelope& envelope) {
  auto change = to_change(envelope);
  if (!change) co_return pass_on(change);
  if (!*change) co_return Result<void>{};
  co_return co_await projection.apply(**change);
}

/// One replay under way: keeps the first error and does nothing after it.
struct Replay {
  EventHistory::Handler handler;
  Result<void> result{};

  Task<void> merge(const Envelope& envelope) {
    auto change = to_change(envelope);
    if (!change || !*change || !result) co_return;
    auto merged = co_await handler(**change);
    if (!merged) result = std::move(merged);
  }

  /// Side by side, so that the store commits the batch in one group; merging is order-free.
  Task<Result<void>> merge_batch(std::span<const Delivery> batch) {
    TaskGroup group;
    for (const Delivery& delivery : batch) group.spawn(merge(delivery.envelope));
    co_await group.join();
    co_return result;
  }
};

}  // namespace

void register_events(messaging::Subscriber& subscriber, Projection& projection) {
  for (const std::string_view type : event_types()) {
    subscriber.on(type, [&projection](const Envelope& e) { return on_event(projection, e); });
  }
}

Task<Result<void>> BusHistory::replay(Handler handler) {
  Replay replay{std::move(handler)};
  messaging::Bus::Handler batch_handler = [&replay](std::span<const Delivery> batch) {
    return replay.merge_batch(batch);
  };
  auto replayed = co_await bus_.replay(batch_handler);
  if (!replayed) co_return pass_on(replayed);
  co_return std::move(replay.result);
}

bool BusHistory::caught_up() const {
  const auto groups = bus_.groups();
  const auto ours = std::ranges::find(groups, group_, &messaging::GroupStatus::group);
  return ours != groups.end() && ours->caught_up;
}

}  // namespace baedal::mypage
