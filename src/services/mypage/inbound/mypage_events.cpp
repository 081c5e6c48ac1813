#include "services/mypage/inbound/mypage_events.hpp"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "services/mypage/inbound/change_codec.hpp"

namespace baedal::mypage {
namespace {

using messaging::Delivery;
using messaging::Envelope;

Task<Result<void>> on_events(Projection& projection, std::span<const Envelope* const> events) {
  std::vector<Change> changes;
  changes.reserve(events.size());
  for (const Envelope* event : events) {
    auto change = to_change(*event);
    if (!change) co_return pass_on(change);
    if (*change) changes.push_back(std::move(**change));
  }
  if (changes.empty()) co_return Result<void>{};
  co_return co_await projection.apply(changes);
}

/// Of a batch of the history, what can be read.
std::vector<Change> readable(std::span<const Delivery> batch) {
  std::vector<Change> changes;
  changes.reserve(batch.size());
  for (const Delivery& delivery : batch) {
    auto change = to_change(delivery.envelope);
    if (change && *change) changes.push_back(std::move(**change));
  }
  return changes;
}

}  // namespace

void register_events(messaging::Subscriber& subscriber, Projection& projection) {
  subscriber.on_all(event_types(), [&projection](std::span<const Envelope* const> events) {
    return on_events(projection, events);
  });
}

Task<Result<void>> BusHistory::replay(Handler handler) {
  messaging::Bus::Handler merge_batch =
      [&handler](std::span<const Delivery> batch) -> Task<Result<void>> {
    const std::vector<Change> changes = readable(batch);
    if (changes.empty()) co_return Result<void>{};
    co_return co_await handler(changes);
  };
  co_return co_await bus_.replay(merge_batch);
}

bool BusHistory::caught_up() const {
  const auto groups = bus_.groups();
  const auto ours = std::ranges::find(groups, group_, &messaging::GroupStatus::group);
  return ours != groups.end() && ours->caught_up;
}

}  // namespace baedal::mypage
