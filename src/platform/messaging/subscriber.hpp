#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "kernel/async/task.hpp"
#include "kernel/clock.hpp"
#include "kernel/error.hpp"
#include "platform/messaging/bus.hpp"
#include "platform/messaging/parking.hpp"

namespace baedal::messaging {

/// How often an event is tried before it is parked.
struct RetryPolicy {
  int attempts_max = 8;
  std::chrono::milliseconds pause_first{50};
  std::chrono::milliseconds pause_max{5'000};
};

/// Counts of one group since start, for metrics. Written on the group's executor, read anywhere.
struct SubscriberStats {
  std::uint64_t handled = 0, ignored = 0, retried = 0, parked = 0;
};

/// One consumer group of one service: decodes nothing itself, calls the handler registered for the
/// event's type. Events of different keys run side by side, events of one key one after the other.
/// Errors:
///   - kUnavailable, kOverloaded: not the event's fault. Retried without end, with growing pauses:
///     the group waits (and reports itself unhealthy) rather than parking everything.
///   - any other: retried attempts_max times, then parked; the group goes on with other keys.
/// An event of a type without handler is passed over. Handlers are idempotent by the event's id
/// (commit_once), since every event may come more than once.
class Subscriber {
 public:
  using Handle = std::function<Task<Result<void>>(const Envelope&)>;

  Subscriber(std::string group, Parking& parking, const Clock& clock, RetryPolicy policy = {});

  /// Before subscribe_to(). One handler per type.
  void on(std::string_view type, Handle handle);
  /// Registers this group at the bus. The subscriber must outlive the bus's delivering.
  void subscribe_to(Bus& bus);

  /// Tries every parked event again, oldest first, and removes those that took effect; a key whose
  /// event fails again stays parked whole. Gives how many took effect.
  Task<Result<std::int64_t>> replay_parked();
  [[nodiscard]] SubscriberStats stats() const;
  [[nodiscard]] const std::string& group() const { return group_; }

 private:
  Task<void> handle_batch(std::span<const Delivery> batch);
  Task<void> handle_key(std::vector<const Delivery*> events);
  Task<void> handle_one(const Envelope& event);
  Task<void> park(const Envelope& event, std::string reason, int attempts);

  std::string group_;
  Parking& parking_;
  const Clock& clock_;
  RetryPolicy policy_;
  std::map<std::string, Handle, std::less<>> handlers_;
  struct Counters;
  std::shared_ptr<Counters> counters_;
};

}  // namespace baedal::messaging
