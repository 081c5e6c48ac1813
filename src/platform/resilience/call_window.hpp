#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace baedal::resilience {

/// How a call came out, as a window counts it.
struct CallOutcome {
  bool failed = false;
  bool slow = false;
};

/// Sums over the calls a window holds.
struct CallTotals {
  std::uint32_t calls = 0;
  std::uint32_t failed = 0;
  std::uint32_t slow = 0;
  std::uint32_t slow_failed = 0;
};

enum class WindowType {
  kCountBased,  ///< the last n calls
  kTimeBased,   ///< the calls of the last n seconds, in buckets of one second
};

/// The outcomes of the latest calls, with their sums kept as they come and go: recording and asking
/// take constant time (a time window also clears the seconds that passed) and allocate nothing.
/// One thread at a time: its breaker guards it.
class CallWindow {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// `size` calls or seconds, at least 1.
  CallWindow(WindowType type, std::uint32_t size);

  void record(CallOutcome outcome, TimePoint now);
  /// The sums as of `now`: a time window forgets without being told.
  [[nodiscard]] const CallTotals& totals(TimePoint now);
  void clear();

 private:
  void forget_until(std::int64_t second);

  WindowType type_;
  std::vector<CallTotals> slots_;  ///< a call each, or a second each
  std::size_t next_ = 0;           ///< of a count window
  std::int64_t second_ = 0;        ///< the newest of a time window
  CallTotals totals_;
};

}  // namespace baedal::resilience
