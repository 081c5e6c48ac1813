#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <span>

#include "platform/messaging/embedded/log.hpp"
#include "platform/messaging/embedded/log_syncer.hpp"
#include "platform/messaging/embedded/tail.hpp"

namespace baedal::messaging {

/// A log of envelopes: encoding, the tail in memory, and the syncing thread. Thread-safe.
///
/// Appending writes no file: events are gathered, and the syncing thread writes them with one write
/// just before it syncs, so that no publisher's thread waits for the disk. They can be read at
/// once. A kill of the process in between is to the log what a power loss is: the end is lost that
/// nobody was told to be durable, and the log's epochs bring readers back.
class EventLog {
 public:
  EventLog(std::unique_ptr<Log> log, std::size_t tail_bytes_max, LogSyncer::Options options,
           std::function<void()> upkeep);

  /// Takes all events (the texts are moved out of them) or none; gives the offset behind them.
  /// After a write or a sync that failed, events are refused until the syncing thread has brought
  /// the log back; those taken before keep their offsets, and are written then.
  Result<Offset> append(std::span<Envelope> events);
  /// Resumes when the log is durable up to `end`.
  Task<Result<void>> synced(Offset end) { return syncer_.synced(end); }
  /// Some events from `from` on, at least one unless that is the end.
  [[nodiscard]] Result<Tail::View> read(Offset from) const;

  /// Behind the last event, written or not.
  [[nodiscard]] Offset end_offset() const { return end_.load(); }

  void request_upkeep() { syncer_.request_upkeep(); }
  [[nodiscard]] Log& log() { return *log_; }
  [[nodiscard]] const Log& log() const { return *log_; }

 private:
  Result<void> write();
  Result<void> encode(std::span<const Envelope> events);
  [[nodiscard]] std::optional<LogRecords> read_unwritten(Offset from) const;

  const std::unique_ptr<Log> log_;
  Tail tail_;
  mutable std::mutex mutex_;  ///< below; the tail has the order of the log
  Offset written_;            ///< where `writing_` begins; then comes `gathered_`, then end_
  RecordBatch writing_;       ///< changed by the syncing thread only
  RecordBatch gathered_;
  std::atomic<Offset> end_;
  LogSyncer syncer_;  ///< last: its thread uses all the others
};

}  // namespace baedal::messaging
