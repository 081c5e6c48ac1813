#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/async/task.hpp"
#include "kernel/error.hpp"
#include "platform/messaging/envelope.hpp"
#include "platform/messaging/stop_flag.hpp"

namespace baedal::messaging {

/// A position of one consumer group, in one partition where a bus has several; grows with every
/// event. Opaque but for comparison.
using Offset = std::int64_t;

/// An event as a group receives it.
struct Delivery {
  Offset offset = 0;
  Envelope envelope;
  /// The first since its partition came to this process: what was before it may have been taken by
  /// another. Never on a bus of one process.
  bool taken_over = false;
};

/// What a bus counts when it says how far a group is behind.
enum class LagUnit { kEvents, kBytes };

/// Lag of one group, for metrics and the operator.
struct GroupStatus {
  std::string group;
  Offset position = 0;
  std::int64_t lag = 0;  ///< not yet handled, in lag_unit
  /// All that the topic held when this process began has been handled, by this process where
  /// several share the group. Stays true; false while the bus cannot say.
  bool caught_up = false;
  LagUnit lag_unit = LagUnit::kEvents;
};

/// A topic. Every event published reaches every group at least once; events of one key keep their
/// order; a group goes on where it was after a restart. Adapters: EmbeddedBus (a durable log in a
/// folder), KafkaBus, MemoryBus (tests); conformance suite in platform/messaging/conformance.
class Bus {
 public:
  /// Takes a batch, in order; Ok when every event of it took its effect or was parked. The bus
  /// then moves the group's durable position behind the batch. An error means: not taken; the bus
  /// gives the batch again after a pause, or after the next start when it is stopping. Batches of
  /// one group (one partition) never overlap. The span lives until the handler is done.
  using Handler = std::function<Task<Result<void>>(std::span<const Delivery>)>;

  virtual ~Bus() = default;

  /// Resumes when the bus keeps the events durably. They may reach groups before that: consumers
  /// dedupe, and the publisher's outbox still holds them.
  ///
  /// May be pipelined: publishes take their place in the order in which they are started, so the
  /// next may start before the last resumed. One that fails may still have been kept. If it was
  /// not, then neither was what the same publisher started behind it before it resumed: there are
  /// no gaps. The publisher publishes it again, and everything behind it, in the same order.
  /// Any executor.
  virtual Task<Result<void>> publish_all(std::vector<Envelope> events) = 0;
  /// The same with a copy of them.
  Task<Result<void>> publish(std::span<const Envelope> events) {
    return publish_all({events.begin(), events.end()});
  }

  /// Adds a group before start(). A group never seen begins at the earliest event kept.
  virtual void subscribe(std::string group, Handler handler) = 0;

  /// Starts delivering, on the current executor.
  virtual Result<void> start() = 0;
  /// Ends delivering after the batches in hand; then positions are durable.
  virtual Task<void> stop() = 0;
  /// Requested by stop(): a handler that waits for better times gives up with an error then.
  [[nodiscard]] virtual StopFlag& stop_flag() = 0;

  /// Every event kept, in order per key, from the earliest to the last published at the time of the
  /// call: what a projection is rebuilt from. `handler` is called batch by batch; its error ends
  /// the replay and is passed on.
  virtual Task<Result<void>> replay(Handler handler) = 0;

  [[nodiscard]] virtual std::vector<GroupStatus> groups() const = 0;
  /// Ok when events are kept and delivered. Cheap; any thread.
  [[nodiscard]] virtual Result<void> health() const = 0;
};

}  // namespace baedal::messaging
