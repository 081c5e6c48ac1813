#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "kernel/async/executor.hpp"
#include "platform/messaging/bus.hpp"
#include "platform/messaging/stop_flag.hpp"

namespace baedal::messaging::kafka {

/// How lanes hand over.
struct LaneRules {
  Bus::Handler handler;
  std::size_t batch_max;
  std::size_t waiting_max;
  std::chrono::milliseconds pause_first;
  std::chrono::milliseconds pause_max;
};

/// One partition on its way to the handler: the consumer's thread puts events in, a coroutine on
/// the bus's executor hands them over batch by batch, and counts what was taken. Batches of one
/// lane never overlap, also when the partition goes and comes back meanwhile. Any thread, but for
/// what is said.
class Lane : public std::enable_shared_from_this<Lane> {
 public:
  Lane(int partition, const LaneRules& rules, Executor& executor, StopFlag& stop);

  /// The partition is this member's, from `position` on.
  void assign(Offset position);
  /// The partition is to go: takes no new batch; the one in hand may end, and counts.
  void close();
  /// Waits until no batch is in hand; false when that takes longer. Not on the executor.
  [[nodiscard]] bool wait_idle(std::chrono::milliseconds timeout);
  /// As long as it takes.
  void wait_idle();
  /// The partition is gone: a batch still in hand counts no more.
  void revoke();

  /// An event was read. Starts handing over when nothing is in hand.
  void push(Delivery delivery);

  [[nodiscard]] int partition() const { return partition_; }
  [[nodiscard]] bool assigned() const;
  /// So much waits that reading should pause; so little that it may go on.
  [[nodiscard]] bool full() const;
  [[nodiscard]] bool has_room() const;
  /// Behind the last event taken.
  [[nodiscard]] Offset position() const;
  /// The position, when it moved since the last call.
  [[nodiscard]] std::optional<Offset> take_moved();
  /// The position, when anything was taken since the partition came.
  [[nodiscard]] std::optional<Offset> taken() const;
  /// The position counts as moved, if anything was taken: keeping it failed.
  void mark_moved();
  /// The error of the batch in hand, when it was not taken and will be given again.
  [[nodiscard]] Result<void> health() const;

 private:
  Task<void> run();
  [[nodiscard]] std::vector<Delivery> next_batch();
  [[nodiscard]] Task<bool> hand_over(const std::vector<Delivery>& batch);
  void settle(const std::vector<Delivery>& batch, std::uint64_t generation);
  [[nodiscard]] bool gives_up() const;

  const int partition_;
  const LaneRules& rules_;
  Executor& executor_;
  StopFlag& stop_;

  mutable std::mutex mutex_;
  std::condition_variable idle_;
  std::deque<Delivery> waiting_;
  std::uint64_t generation_ = 0;  ///< grows when the partition goes
  bool open_ = false;             ///< takes new batches
  bool assigned_ = false;
  bool running_ = false;     ///< the coroutine is under way
  bool moved_ = false;       ///< since take_moved()
  bool taken_ = false;       ///< since assign()
  bool taken_over_ = false;  ///< the next event is the first since assign()
  Offset position_ = 0;
  Result<void> health_;
};

}  // namespace baedal::messaging::kafka
