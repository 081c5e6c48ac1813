#include "platform/messaging/embedded/log_syncer.hpp"

#include <utility>

namespace baedal::messaging {

/// A publisher that waits; lives in its coroutine's frame.
struct LogSyncer::Waiter {
  LogSyncer& syncer;
  Offset end;
  Executor* executor = nullptr;
  std::coroutine_handle<> coroutine{};
  Result<void> result{};

  bool await_ready() const noexcept { return syncer.log_.synced_offset() >= end; }
  bool await_suspend(std::coroutine_handle<> self) {
    executor = &Executor::current();
    coroutine = self;
    return syncer.enrol(*this);
  }
  Result<void> await_resume() { return std::move(result); }
};

LogSyncer::LogSyncer(Log& log, Options options, std::function<Result<void>()> write,
                     std::function<void()> upkeep)
    : log_(log),
      options_(options),
      write_(std::move(write)),
      upkeep_(std::move(upkeep)),
      thread_([this] { run(); }) {}

LogSyncer::~LogSyncer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_.notify_one();
  thread_.join();
}

Task<Result<void>> LogSyncer::synced(Offset end) {
  Waiter waiter{*this, end};
  co_return co_await waiter;
}

bool LogSyncer::enrol(Waiter& waiter) {
  const std::lock_guard lock(mutex_);
  if (log_.synced_offset() >= waiter.end) return false;
  waiters_.push_back(&waiter);
  if (waiters_.size() == 1) work_.notify_one();
  return true;
}

void LogSyncer::request_upkeep() {
  const std::lock_guard lock(mutex_);
  if (std::exchange(upkeep_wanted_, true)) return;
  upkeep_at_ = Clock::now() + options_.upkeep_delay;
  work_.notify_one();
}

Result<void> LogSyncer::health() const {
  const std::lock_guard lock(mutex_);
  return health_;
}

void LogSyncer::run() {
  bool more = true;
  while (more) {
    more = wait_for_work();
    const auto synced = write_and_sync();
    bool upkeep_due = false;
    {
      const std::lock_guard lock(mutex_);
      health_ = synced;
      upkeep_due = upkeep_wanted_ && (!more || Clock::now() >= upkeep_at_);
      if (upkeep_due) upkeep_wanted_ = false;
    }
    resolve(synced, !more);
    if (upkeep_due) upkeep_();
  }
}

/// Syncs even when nothing can be written: perhaps only that brings the log back (see Log::sync).
Result<void> LogSyncer::write_and_sync() {
  auto written = write_();
  auto synced = log_.sync();
  return written ? synced : written;
}

/// Returns when a sync or the upkeep is due; false when it is the last.
bool LogSyncer::wait_for_work() {
  std::unique_lock lock(mutex_);
  const auto has_work = [this] { return stopping_ || !health_ || !waiters_.empty(); };
  const auto stopping = [this] { return stopping_; };
  while (!has_work()) {
    if (!upkeep_wanted_) {
      work_.wait(lock);
    } else if (work_.wait_until(lock, upkeep_at_) == std::cv_status::timeout) {
      return !stopping_;
    }
  }
  // What is gathered meanwhile joins this sync.
  work_.wait_for(lock, health_ ? options_.delay : options_.retry_delay, stopping);
  return !stopping_;
}

void LogSyncer::resolve(const Result<void>& synced, bool last) {
  const Offset synced_offset = log_.synced_offset();
  std::vector<Waiter*> ready;
  {
    const std::lock_guard lock(mutex_);
    std::vector<Waiter*> later;
    for (Waiter* waiter : waiters_) {
      const bool durable = waiter->end <= synced_offset;
      (durable || !synced || last ? ready : later).push_back(waiter);
      if (!durable && !synced) waiter->result = synced;
      if (!durable && synced && last) {
        waiter->result = unavailable("log-closed", "The event log is closing.");
      }
    }
    waiters_.swap(later);
  }
  for (Waiter* waiter : ready) waiter->executor->resume(waiter->coroutine);
}

}  // namespace baedal::messaging
