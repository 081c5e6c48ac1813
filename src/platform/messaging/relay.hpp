#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>

#include "kernel/async/sync.hpp"
#include "kernel/async/task.hpp"
#include "kernel/clock.hpp"
#include "platform/messaging/bus.hpp"
#include "platform/store/store.hpp"

namespace baedal::messaging {

struct RelayStats {
  std::int64_t published_seq = 0;      ///< last row the bus has
  std::int64_t committed_seq = 0;      ///< last row seen committed
  Timestamp oldest_unsent_time{};      ///< micros 0: nothing waits
  std::uint64_t failures = 0;
};

/// Carries a store's outbox to the bus, in order, at least once: the only way out of a service.
/// Rows come straight from the commit while the relay keeps up (no read), and from the table after
/// a start or when the bounded hand-over is full. A bus that refuses is tried again with growing
/// pauses; nothing is skipped. One relay per store at a time.
class Relay {
 public:
  Relay(std::string source, store::Store& store, Bus& bus, const Clock& clock);
  ~Relay();

  /// Starts on the current executor.
  void start();
  /// Sends what is committed, then ends.
  Task<void> stop();
  [[nodiscard]] RelayStats stats() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace baedal::messaging
