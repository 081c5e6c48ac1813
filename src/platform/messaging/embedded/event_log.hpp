#pragma once

#include <functional>
#include <mutex>
#include <span>

#include "platform/messaging/embedded/log.hpp"
#include "platform/messaging/embedded/log_syncer.hpp"
#include "platform/messaging/embedded/tail.hpp"

namespace baedal::messaging {

/// A log of envelopes: encoding, the tail in memory, and the syncing thread. Thread-safe.
class EventLog {
 public:
  EventLog(std::unique_ptr<Log> log, std::size_t tail_bytes_max, LogSyncer::Options options,
           std::function<void()> upkeep);

  /// Writes all events or none; gives the offset behind them.
  Result<Offset> append(std::span<const Envelope> events);
  /// Resumes when the log is durable up to `end`.
  Task<Result<void>> synced(Offset end) { return syncer_.synced(end); }
  /// Some events from `from` on, at least one unless that is the end.
  [[nodiscard]] Result<Tail::View> read(Offset from) const;

  void request_upkeep() { syncer_.request_upkeep(); }
  [[nodiscard]] Log& log() { return *log_; }
  [[nodiscard]] const Log& log() const { return *log_; }

 private:
  [[nodiscard]] Result<Tail::View> read_files(Offset from) const;

  const std::unique_ptr<Log> log_;
  Tail tail_;
  std::mutex append_mutex_;  ///< the tail has the order of the log
  RecordBatch batch_;
  LogSyncer syncer_;  ///< last: its thread uses all the others
};

}  // namespace baedal::messaging
