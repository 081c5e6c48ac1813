#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <vector>

#include "kernel/async/sync.hpp"
#include "kernel/async/task.hpp"

namespace baedal::messaging {

/// Says that work shall end, and wakes those who pause meanwhile. Every method from any thread.
///   while (!stop.requested()) { ...; co_await stop.pause(pause); }
class StopFlag {
 public:
  void request();
  /// For an owner that starts again; nobody may be pausing.
  void reset();
  [[nodiscard]] bool requested() const { return requested_.load(); }

  /// Suspends for `delay`, or until request(). Resumes on the current executor.
  [[nodiscard]] Task<void> pause(std::chrono::nanoseconds delay);

 private:
  bool enrol(const std::shared_ptr<Event>& wake);
  void leave(const std::shared_ptr<Event>& wake);

  std::atomic<bool> requested_{false};
  std::mutex mutex_;
  std::vector<std::shared_ptr<Event>> pausing_;
};

/// Pauses that double from `first` to `max`.
class GrowingPause {
 public:
  GrowingPause(std::chrono::milliseconds first, std::chrono::milliseconds max)
      : first_(first), max_(max), next_(first) {}

  [[nodiscard]] std::chrono::milliseconds next() {
    const auto pause = next_;
    next_ = std::min(next_ * 2, max_);
    return pause;
  }
  void reset() { next_ = first_; }

 private:
  std::chrono::milliseconds first_, max_, next_;
};

}  // namespace baedal::messaging
