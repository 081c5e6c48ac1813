#pragma once

#include <chrono>
#include <vector>

#include "kernel/async/sync.hpp"
#include "kernel/clock.hpp"
#include "platform/store/store.hpp"

namespace baedal {

/// Drops once-keys (idempotency keys, ids of handled events) older than the retention, a little at
/// a time so that commits hardly notice. Begins some minutes after the start, when what was under
/// way at a crash has been delivered again and met its key.
class KeySweeper {
 public:
  KeySweeper(const Clock& clock, std::chrono::milliseconds retention)
      : clock_(clock), retention_(retention) {}

  /// Borrows the stores; on the current executor, until stop().
  void start(std::vector<store::Store*> stores);
  Task<void> stop();

 private:
  Task<void> run();
  Task<void> sweep(store::Store& store);
  Task<void> pause(std::chrono::milliseconds duration);

  const Clock& clock_;
  std::chrono::milliseconds retention_;
  std::vector<store::Store*> stores_;
  bool stopping_ = false;
  Event ended_;
};

}  // namespace baedal
