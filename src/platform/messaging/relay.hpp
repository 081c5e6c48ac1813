#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "kernel/async/task.hpp"
#include "kernel/clock.hpp"
#include "platform/messaging/bus.hpp"
#include "platform/messaging/event_tracing.hpp"
#include "platform/messaging/published_types.hpp"
#include "platform/store/store.hpp"

namespace baedal::messaging {

struct RelayOptions {
  std::size_t batch_max = 256;        ///< events per publish
  std::size_t in_flight_max = 4'096;  ///< events published, not yet durable at the bus
  std::size_t hand_over_max = 8'192;  ///< rows waiting between the store's writer and the relay
  std::chrono::milliseconds pause_first{50};  ///< after a refusal, doubling
  std::chrono::milliseconds pause_max{5'000};
  // Of a store that several processes share:
  std::chrono::milliseconds lease{5'000};     ///< a relay that is silent for so long is replaced
  std::chrono::milliseconds table_poll{200};  ///< how soon others' commits are found in quiet times
  std::chrono::milliseconds table_poll_min{10};  ///< the same, while others commit
  const EventTracing* tracing = nullptr;         ///< null: publishes are not seen in traces
  PublishedTypes* types = nullptr;  ///< counts what goes to the bus, again what goes again
};

struct RelayStats {
  std::int64_t published_seq = 0;  ///< last row the bus keeps durably
  std::int64_t committed_seq = 0;  ///< last row seen committed
  Timestamp oldest_unsent_time{};  ///< micros 0: nothing waits
  std::chrono::microseconds oldest_unsent_age{0};
  bool has_lease = false;      ///< whether this is the relay that publishes
  std::uint64_t failures = 0;  ///< refusals of the bus and failed reads of the table
};

/// Carries a store's outbox to the bus, in order, at least once: the only way out of a service.
/// Rows come straight from the commit while the relay keeps up (no read), and from the table after
/// a start or when the bounded hand-over is full. A bus that refuses is tried again with growing
/// pauses; nothing is skipped. One relay per store in a process, made before the store's first
/// commit. Of the processes that share a store one relays, by the store's lease: who cannot prolong
/// it in time stops publishing, and another goes on from the table. A process that is halted in the
/// middle of a publish may still finish that one later: consumers know its events by their ids.
///
/// Batches are pipelined: the next is published while the bus makes the last ones durable; a row
/// is marked relayed only when its batch, and all before it, are. After a refusal everything from
/// the first refused row on is read from the table and published again, so the order stays, and
/// the bus sees some events twice.
class Relay {
 public:
  Relay(std::string source, store::Store& store, Bus& bus, const Clock& clock,
        RelayOptions options = {});
  /// Asserts that stop() has ended, if it was started. The store may live on.
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  /// Starts on the current executor.
  void start();
  /// Sends what is committed, then ends. While the bus refuses it ends without: the rows stay in
  /// the outbox, and the next start sends them. On the executor of start().
  Task<void> stop();
  /// Any thread.
  [[nodiscard]] RelayStats stats() const;

  /// The event as this relay publishes that row. Any thread.
  [[nodiscard]] Envelope envelope_of(const store::OutboxRow& row) const;
  /// Leaves the row with that `seq` out from now on: an operator has put the event aside. Forgotten
  /// at the end of the process; then the row may go out after all, under the same id. Any thread.
  void pass_over(std::int64_t seq);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace baedal::messaging
