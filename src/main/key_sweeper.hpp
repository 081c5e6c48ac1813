#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "kernel/async/sync.hpp"
#include "kernel/clock.hpp"
#include "platform/messaging/stop_flag.hpp"
#include "platform/store/store.hpp"

namespace baedal {

/// When keys are swept, and how many at a time.
struct SweepPace {
  std::chrono::milliseconds first_pause = std::chrono::minutes{5};
  std::chrono::milliseconds pause = std::chrono::minutes{1};
  /// Keys are in no order, so each costs the commit it goes with about a page of an index: 250 take
  /// some 9 ms where 2,000 took 45, and whoever commits beside them waits no longer than that.
  std::int64_t chunk = 250;
  std::chrono::milliseconds breath{15};  ///< between two chunks: ten thousand keys a second
};

/// Drops once-keys (idempotency keys, ids of handled events) older than the retention, a little at
/// a time so that commits hardly notice. Begins some minutes after the start, when what was under
/// way at a crash has been delivered again and met its key.
class KeySweeper {
 public:
  KeySweeper(const Clock& clock, std::chrono::milliseconds retention, SweepPace pace = {})
      : clock_(clock), retention_(retention), pace_(pace) {}

  /// Borrows the stores; on the current executor, until stop().
  void start(std::vector<store::Store*> stores);
  /// Resumes when the last sweep has ended. Without start(), at once.
  Task<void> stop();

 private:
  Task<void> run();
  Task<void> sweep(store::Store& store);

  const Clock& clock_;
  const std::chrono::milliseconds retention_;
  const SweepPace pace_;
  std::vector<store::Store*> stores_;
  messaging::StopFlag stop_;
  Event ended_;
};

}  // namespace baedal
