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

/// The thread that syncs a log: soon after something was appended, so that many appends share one
/// sync, and none waits for it. Idle while nothing is appended.
class LogSyncer {
 public:
  struct Options {
    std::chrono::milliseconds delay{5};             ///< from an append to its sync
    std::chrono::milliseconds retry_delay{200};     ///< after a sync that failed
    std::chrono::milliseconds upkeep_delay{1'000};  ///< from request_upkeep() to the upkeep
  };

  /// `upkeep` runs on the thread, now and then, when asked for.
  LogSyncer(Log& log, Options options, std::function<void()> upkeep);
  /// Syncs what is appended, resumes everyone who waits, joins.
  ~LogSyncer();
  LogSyncer(const LogSyncer&) = delete;
  LogSyncer& operator=(const LogSyncer&) = delete;

  /// Resumes, on the current executor, once the log is synced up to `end`; with an error when a
  /// sync failed meanwhile.
  Task<Result<void>> synced(Offset end);
  void request_upkeep();
  /// An append was refused: perhaps only a sync brings the log back (see Log::sync).
  void request_retry();

 private:
  struct Waiter;
  using Clock = std::chrono::steady_clock;

  bool enrol(Waiter& waiter);
  void run();
  bool wait_for_work();
  void resolve(const Result<void>& synced, bool last);

  Log& log_;
  const Options options_;
  const std::function<void()> upkeep_;
  std::mutex mutex_;
  std::condition_variable work_;
  std::vector<Waiter*> waiters_;
  bool failing_ = false;
  bool upkeep_wanted_ = false;
  bool stopping_ = false;
  Clock::time_point upkeep_at_{};
  std::thread thread_;
};

}  // namespace baedal::messaging
