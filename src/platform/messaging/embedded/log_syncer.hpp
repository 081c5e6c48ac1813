#pragma once

#include <chrono>
#include <condition_variable>
#include <coroutine>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "kernel/async/executor.hpp"
#include "kernel/async/task.hpp"
#include "kernel/error.hpp"
#include "platform/messaging/embedded/log.hpp"

namespace baedal::messaging {

/// The thread that writes and syncs a log: soon after something was gathered for it, so that many
/// publishers share one write and one sync, and none waits for them. Idle while there is nothing.
class LogSyncer {
 public:
  struct Options {
    std::chrono::milliseconds delay{5};             ///< until what is gathered is synced
    std::chrono::milliseconds retry_delay{200};     ///< after a write or a sync that failed
    std::chrono::milliseconds upkeep_delay{1'000};  ///< from request_upkeep() to the upkeep
  };

  /// Both run on the thread: `write` appends what was gathered to `log`, before each sync; `upkeep`
  /// now and then, when asked for.
  LogSyncer(Log& log, Options options, std::function<Result<void>()> write,
            std::function<void()> upkeep);
  /// Writes and syncs what is gathered, resumes everyone who waits, joins.
  ~LogSyncer();
  LogSyncer(const LogSyncer&) = delete;
  LogSyncer& operator=(const LogSyncer&) = delete;

  /// Resumes, on the current executor, once the log is synced up to `end`; with an error when a
  /// write or a sync failed meanwhile.
  Task<Result<void>> synced(Offset end);
  void request_upkeep();
  /// The error of the last write or sync, until one succeeds. Any thread; never waits for the disk.
  [[nodiscard]] Result<void> health() const;

 private:
  struct Waiter;
  using Clock = std::chrono::steady_clock;

  bool enrol(Waiter& waiter);
  void run();
  Result<void> write_and_sync();
  bool wait_for_work();
  void resolve(const Result<void>& synced, bool last);

  Log& log_;
  const Options options_;
  const std::function<Result<void>()> write_;
  const std::function<void()> upkeep_;
  mutable std::mutex mutex_;
  std::condition_variable work_;
  std::vector<Waiter*> waiters_;
  Result<void> health_;
  bool upkeep_wanted_ = false;
  bool stopping_ = false;
  Clock::time_point upkeep_at_{};
  std::thread thread_;
};

}  // namespace baedal::messaging
