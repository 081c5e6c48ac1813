#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/async/task.hpp"
#include "kernel/clock.hpp"
#include "kernel/error.hpp"
#include "platform/messaging/bus.hpp"
#include "platform/messaging/event_tracing.hpp"
#include "platform/messaging/parking.hpp"

namespace baedal::messaging {

/// How often an event is tried before it is parked.
struct RetryPolicy {
  int attempts_max = 8;
  std::chrono::milliseconds pause_first{50};
  std::chrono::milliseconds pause_max{5'000};
};

/// Counts of one group since start, for metrics.
struct SubscriberStats {
  std::uint64_t handled = 0, ignored = 0, retried = 0, parked = 0;
  std::uint64_t waiting = 0;  ///< events now held up by something unavailable or overloaded
};

/// One consumer group of one service: decodes nothing itself, calls the handler registered for the
/// event's type. Events of different keys run side by side, events of one key one after the other.
/// Errors:
///   - kUnavailable, kOverloaded: not the event's fault. Retried without end, with growing pauses:
///     the group waits (and reports itself unhealthy) rather than parking everything.
///   - any other: retried attempts_max times, then parked; the group goes on with other keys.
/// A service whose events may be handled together, as on_all() says, is given those of a batch in
/// one piece; when that fails, the above holds for each of them.
/// A bus that stops ends the retrying: the batch counts as not taken, and comes again.
/// An event of a type without handler is passed over. Handlers are idempotent, by the
/// state they meet or by the event's id (commit_once): every event may come more than once.
class Subscriber {
 public:
  using Handle = std::function<Task<Result<void>>(const Envelope&)>;
  /// Takes events in order, those of many keys: all of them, or none when it fails.
  using HandleAll = std::function<Task<Result<void>>(std::span<const Envelope* const>)>;

  Subscriber(std::string group, Parking& parking, const Clock& clock, RetryPolicy policy = {});
  ~Subscriber();
  Subscriber(const Subscriber&) = delete;
  Subscriber& operator=(const Subscriber&) = delete;

  /// Before subscribe_to(). One handler per type.
  void on(std::string_view type, Handle handle);
  /// Instead of on(): one handler for all types there are, for whom one commit of a batch costs
  /// less than one for each event. It belongs to none of the traces its events came with.
  void on_all(std::span<const std::string_view> types, HandleAll handle);
  /// Before subscribe_to(). Events are handled within the traces they came with.
  void trace_with(const EventTracing& tracing) { tracing_ = &tracing; }
  /// Registers this group at the bus. The subscriber must outlive the bus's delivering, and the
  /// bus this subscriber's use.
  void subscribe_to(Bus& bus);

  /// Tries every parked event of this group once more, oldest first, and removes those that took
  /// effect; a key whose event fails again stays parked whole. Gives how many took effect.
  /// One at a time: kConflict while another runs. Also before the bus is started.
  Task<Result<std::int64_t>> replay_parked();

  /// Any thread.
  [[nodiscard]] SubscriberStats stats() const;
  /// kUnavailable, with the reason, while an event waits for something unavailable. Any thread.
  [[nodiscard]] Result<void> health() const;
  [[nodiscard]] const std::string& group() const { return group_; }

 private:
  struct Counters;
  struct Route;
  using Routes = std::vector<Route>;
  /// What became of an event whose key is held.
  enum class Behind { kParked, kNothing, kStopped };

  Routes routes_of(std::span<const Delivery> batch);
  Task<bool> handle_together(const Routes& routes);
  Task<bool> handle_by_key(Routes& routes);
  const Handle* handle_for(const Envelope& event) const;
  Task<Result<void>> handle_batch(std::span<const Delivery> batch);
  Task<void> handle_lane(std::span<const Route> events, bool& given_up);
  Task<bool> handle_one(const Route& route);
  Task<bool> pause_after(const Error& error, std::chrono::milliseconds pause);
  Task<bool> learn_of_others(std::span<const Delivery> batch);
  Task<bool> park(const Envelope& event, std::string reason, int attempts);
  Task<Behind> park_behind(const Envelope& event);
  Task<bool> pause_parking(Error error, std::chrono::milliseconds pause);
  ParkedEvent parked_event(const Envelope& event, std::string reason, int attempts) const;
  Task<Result<std::int64_t>> replay_all();

  std::string group_;
  Parking& parking_;
  const Clock& clock_;
  RetryPolicy policy_;
  std::map<std::string, Handle, std::less<>> handlers_;
  HandleAll handle_all_;                   ///< empty: each event by its own handler
  StopFlag* stop_ = nullptr;               ///< the bus's
  const EventTracing* tracing_ = nullptr;  ///< null: not seen in traces
  std::unique_ptr<Counters> counters_;
};

}  // namespace baedal::messaging
