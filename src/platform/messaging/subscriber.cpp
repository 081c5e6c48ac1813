#include "platform/messaging/subscriber.hpp"

#include <algorithm>
#include <functional>
#include <mutex>
#include <set>
#include <utility>

#include "kernel/async/sync.hpp"

namespace baedal::messaging {
namespace {

constexpr std::size_t kReplayPageEvents = 100;
constexpr std::chrono::seconds kRefreshPause{5};

/// Whether trying later may help, whatever the event says.
bool is_passing(const Error& error) {
  return error.kind == ErrorKind::kUnavailable || error.kind == ErrorKind::kOverloaded;
}

}  // namespace

struct Subscriber::Counters {
  std::atomic<std::uint64_t> handled{0}, ignored{0}, retried{0}, parked{0}, waiting{0};
  std::atomic<bool> replaying{false};
  std::atomic<std::chrono::steady_clock::time_point> refresh_at{};
  std::mutex mutex;
  std::string waits_for;  ///< the last passing error
};

/// An event, its handler, and the hash of its key: events of one lane run one after the other, and
/// those few of other keys that have the same hash. `typed` is a copy with the type filled in.
struct Subscriber::Route {
  const Handle* handle;
  const Envelope* event;
  std::size_t lane = 0;
  std::shared_ptr<const Envelope> typed{};
};

Subscriber::Subscriber(std::string group, Parking& parking, const Clock& clock, RetryPolicy policy)
    : group_(std::move(group)),
      parking_(parking),
      clock_(clock),
      policy_(policy),
      counters_(std::make_unique<Counters>()) {}

Subscriber::~Subscriber() = default;

void Subscriber::on(std::string_view type, Handle handle) {
  const bool added = handlers_.emplace(type, std::move(handle)).second;
  BAEDAL_ASSERT(added && stop_ == nullptr && !handle_all_);
}

void Subscriber::on_all(std::span<const std::string_view> types, HandleAll handle) {
  const auto one = [this](const Envelope& event) -> Task<Result<void>> {
    const Envelope* const alone = &event;
    co_return co_await handle_all_({&alone, 1});
  };
  for (const std::string_view type : types) on(type, one);
  handle_all_ = std::move(handle);
}

void Subscriber::subscribe_to(Bus& bus) {
  stop_ = &bus.stop_flag();
  bus.subscribe(group_, [this](std::span<const Delivery> batch) { return handle_batch(batch); });
}

Task<Result<void>> Subscriber::handle_batch(std::span<const Delivery> batch) {
  if (!co_await learn_of_others(batch)) {
    co_return unavailable("subscriber-stopping", "The bus stops; events are left.");
  }
  Routes routes = routes_of(batch);
  if (co_await handle_together(routes)) co_return Result<void>{};
  if (co_await handle_by_key(routes)) co_return Result<void>{};
  co_return unavailable("subscriber-stopping", "The bus stops; events are left.");
}

/// All events as one piece. False when that is not how this service works, when some are to be
/// parked behind others, and when it failed: then it is seen event by event which is at fault.
Task<bool> Subscriber::handle_together(const Routes& routes) {
  const auto is_held = [this](const Route& r) { return parking_.holds_key(r.event->key); };
  if (!handle_all_ || routes.empty() || std::ranges::any_of(routes, is_held)) co_return false;
  std::vector<const Envelope*> events;
  events.reserve(routes.size());
  for (const Route& route : routes) events.push_back(route.event);
  HandledTogether handled(tracing_, events, group_);
  const auto result = co_await handle_all_(events);
  if (!result) {
    handled.failed(result.error());
    co_return false;
  }
  counters_->handled += events.size();
  co_return true;
}

/// Keys side by side. False when the bus stops meanwhile.
Task<bool> Subscriber::handle_by_key(Routes& routes) {
  // Stable: the events of one key stay in order.
  std::ranges::stable_sort(routes, {}, &Route::lane);
  bool given_up = false;
  TaskGroup lanes;
  for (auto first = routes.begin(); first != routes.end();) {
    const auto last = std::find_if(first, routes.end(),
                                   [&](const Route& route) { return route.lane != first->lane; });
    lanes.spawn(handle_lane(std::span<const Route>(first, last), given_up));
    first = last;
  }
  co_await lanes.join();
  co_return !given_up;
}

/// What others have parked, before the first event that was theirs so far; and now and then, so
/// that what they took out shows here. False when the bus stops meanwhile.
Task<bool> Subscriber::learn_of_others(std::span<const Delivery> batch) {
  const auto now = clock_.monotonic();
  const bool taken_over = std::ranges::any_of(batch, &Delivery::taken_over);
  if (!taken_over && now < counters_->refresh_at.load()) co_return true;
  counters_->refresh_at = now + kRefreshPause;
  GrowingPause pause(policy_.pause_first, policy_.pause_max);
  while (true) {
    const auto refreshed = co_await parking_.refresh();
    if (refreshed) co_return true;
    if (!co_await pause_after(refreshed.error(), pause.next())) co_return false;
  }
}

/// The events that have a handler.
Subscriber::Routes Subscriber::routes_of(std::span<const Delivery> batch) {
  Routes routes;
  routes.reserve(batch.size());
  for (const Delivery& delivery : batch) {
    Route route{nullptr, &delivery.envelope};
    if (route.event->type.empty()) {
      auto typed = std::make_shared<Envelope>(delivery.envelope);
      typed->type = type_of(*typed);
      route.event = typed.get();
      route.typed = std::move(typed);
    }
    route.handle = handle_for(*route.event);
    if (route.handle != nullptr) {
      route.lane = std::hash<std::string_view>{}(route.event->key);
      routes.push_back(std::move(route));
    } else {
      ++counters_->ignored;
    }
  }
  return routes;
}

const Subscriber::Handle* Subscriber::handle_for(const Envelope& event) const {
  const auto found = handlers_.find(event.type);
  return found == handlers_.end() ? nullptr : &found->second;
}

Task<void> Subscriber::handle_lane(std::span<const Route> events, bool& given_up) {
  for (const Route& route : events) {
    if (!co_await handle_one(route)) {
      given_up = true;
      co_return;
    }
  }
}

/// True when the event took its effect or was parked; false when the bus stops meanwhile.
Task<bool> Subscriber::handle_one(const Route& route) {
  const Envelope& event = *route.event;
  if (parking_.holds_key(event.key)) {
    const auto end = co_await park_behind(event);
    if (end != Behind::kNothing) co_return end == Behind::kParked;
  }
  HandledEvent handled(tracing_, event, group_);
  GrowingPause pause(policy_.pause_first, policy_.pause_max);
  for (int attempts = 0;;) {
    auto result = co_await (*route.handle)(event);
    if (result) {
      ++counters_->handled;
      co_return true;
    }
    const Error& error = result.error();
    if (!is_passing(error) && ++attempts >= policy_.attempts_max) {
      handled.failed(error);
      std::string reason = error.code + ": " + error.detail;
      co_return co_await park(event, std::move(reason), attempts);
    }
    ++counters_->retried;
    if (!co_await pause_after(error, pause.next())) {
      handled.failed(error);
      co_return false;
    }
  }
}

/// False when the bus stops.
Task<bool> Subscriber::pause_after(const Error& error, std::chrono::milliseconds pause) {
  const bool passing = is_passing(error);
  if (passing) {
    ++counters_->waiting;
    const std::lock_guard lock(counters_->mutex);
    counters_->waits_for = error.code + ": " + error.detail;
  }
  co_await stop_->pause(pause);
  if (passing) --counters_->waiting;
  co_return !stop_->requested();
}

/// Parks, however long that takes; false when the bus stops meanwhile.
Task<bool> Subscriber::park(const Envelope& event, std::string reason, int attempts) {
  const ParkedEvent parked = parked_event(event, std::move(reason), attempts);
  GrowingPause pause(policy_.pause_first, policy_.pause_max);
  while (true) {
    ParkedEvent one = parked;
    auto done = co_await parking_.park(std::move(one));
    if (done) {
      ++counters_->parked;
      co_return true;
    }
    if (!co_await pause_parking(std::move(done.error()), pause.next())) co_return false;
  }
}

/// Parks behind the parked events of its key, if there are any still.
Task<Subscriber::Behind> Subscriber::park_behind(const Envelope& event) {
  const ParkedEvent parked = parked_event(event, "behind a parked event of its key", 0);
  GrowingPause pause(policy_.pause_first, policy_.pause_max);
  while (true) {
    ParkedEvent one = parked;
    auto done = co_await parking_.park_behind(std::move(one));
    if (done && !*done) co_return Behind::kNothing;
    if (done) {
      ++counters_->parked;
      co_return Behind::kParked;
    }
    if (!co_await pause_parking(std::move(done.error()), pause.next())) co_return Behind::kStopped;
  }
}

ParkedEvent Subscriber::parked_event(const Envelope& event, std::string reason,
                                     int attempts) const {
  return {.id = 0,
          .group = group_,
          .envelope = event,
          .reason = std::move(reason),
          .attempts = attempts,
          .parked_at = clock_.now()};
}

/// Whatever the error: an event that is neither handled nor parked must not be passed over.
Task<bool> Subscriber::pause_parking(Error error, std::chrono::milliseconds pause) {
  error.kind = ErrorKind::kUnavailable;
  co_return co_await pause_after(error, pause);
}

Task<Result<std::int64_t>> Subscriber::replay_parked() {
  if (counters_->replaying.exchange(true)) {
    co_return fail(ErrorKind::kConflict, "replay-running", "The parked events are being replayed.");
  }
  auto result = co_await replay_all();
  counters_->replaying = false;
  co_return result;
}

Task<Result<std::int64_t>> Subscriber::replay_all() {
  std::int64_t effects = 0;
  std::int64_t after = 0;
  std::set<std::string> failed_keys;
  while (true) {
    const auto page = co_await parking_.list(kReplayPageEvents, after);
    if (!page) co_return std::unexpected(page.error());
    // To the end: more may be parked behind these while they are replayed.
    if (page->empty()) co_return effects;
    for (const ParkedEvent& parked : *page) {
      after = parked.id;
      if (parked.group != group_ || failed_keys.contains(parked.envelope.key)) continue;
      const Handle* handle = handle_for(parked.envelope);
      if (handle != nullptr) {
        HandledEvent handled(tracing_, parked.envelope, group_);
        const auto result = co_await (*handle)(parked.envelope);
        if (!result) {
          handled.failed(result.error());
          failed_keys.insert(parked.envelope.key);
          continue;
        }
        ++effects;
        ++counters_->handled;
      }
      const auto removed = co_await parking_.remove(parked.id);
      if (!removed) co_return std::unexpected(removed.error());
    }
  }
}

SubscriberStats Subscriber::stats() const {
  return {.handled = counters_->handled,
          .ignored = counters_->ignored,
          .retried = counters_->retried,
          .parked = counters_->parked,
          .waiting = counters_->waiting};
}

Result<void> Subscriber::health() const {
  if (counters_->waiting == 0) return {};
  const std::lock_guard lock(counters_->mutex);
  return unavailable("subscriber-waiting",
                     "Group '" + group_ + "' waits for " + counters_->waits_for);
}

}  // namespace baedal::messaging
