#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>

#include "kernel/async/sync.hpp"
#include "platform/messaging/bus.hpp"
#include "platform/messaging/embedded/event_log.hpp"
#include "platform/messaging/stop_flag.hpp"

namespace baedal::messaging {

/// One consumer group of an embedded bus: a loop that reads, hands on, and keeps its position.
class Group {
 public:
  Group(std::string name, Bus::Handler handler);

  /// Finds its position, or makes a new one at the earliest event, durably.
  Result<void> open(const std::filesystem::path& folder, EventLog& events, IoFaults* faults);
  /// Delivers until `stop` is requested and the batch in hand is done; then sets ended(). Batches
  /// of a stream begin at least `stream_interval` apart, unless more than a batch waits.
  Task<void> run(EventLog& events, StopFlag& stop, GrowingPause pause,
                 std::chrono::milliseconds stream_interval);

  /// There may be something to read, or to stop for. Any thread.
  void wake();
  [[nodiscard]] Event& ended() { return ended_; }

  /// Keeps the position, durably. Any thread.
  Result<void> sync();

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] Offset position() const { return position_.load(); }
  /// The error the group stands at, if any. Any thread.
  [[nodiscard]] Result<void> health() const;

 private:
  using SteadyClock = std::chrono::steady_clock;
  Task<Result<std::size_t>> deliver_some(EventLog& events);
  Task<void> gather(EventLog& events, SteadyClock::time_point until);
  Task<void> wait(EventLog& events, const StopFlag& stop);
  void move_on(EventLog& events, Offset next);
  Result<void> keep_position();
  void set_health(Result<void> health);

  const std::string name_;
  const Bus::Handler handler_;
  std::mutex file_mutex_;
  std::optional<CursorFile> file_;
  std::uint64_t epoch_ = 0;  ///< of the log, since open()
  std::atomic<Offset> position_{0};
  std::atomic<bool> unkept_{false};  ///< the position has moved since it was kept
  std::atomic<bool> waiting_{false};
  Event wake_;
  Event ended_;
  mutable std::mutex health_mutex_;
  Result<void> health_;
  Result<void> kept_;  ///< how the last keeping of the position ended
};

}  // namespace baedal::messaging
