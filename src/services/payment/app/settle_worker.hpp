#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "kernel/async/task.hpp"
#include "services/payment/app/payment_options.hpp"
#include "services/payment/app/settle_payment.hpp"

namespace baedal::payment {

/// What the worker is at, for health and metrics.
struct SettleStats {
  std::size_t in_hand = 0;      ///< open payments it knows of
  std::size_t running = 0;      ///< of these, asking the provider or committing
  std::size_t waiting = 0;      ///< of these, pausing before the same question is asked again
  std::uint64_t settled = 0;    ///< loops that left nothing to do, since start
  std::uint64_t setbacks = 0;   ///< steps that must be repeated, since start
  std::uint64_t overflows = 0;  ///< times a payment had to stay in the store for want of room
  std::uint64_t sweeps = 0;     ///< looks into the store for open payments, since start
  std::optional<Timestamp> oldest_since{};  ///< since when the oldest of those in hand is open
};

/// Settles every open payment, for as long as it takes. It hears of them by take() after a commit,
/// and by sweeps through the store: at start, at intervals, and when it had to let some go. So
/// neither a crash nor an overflow loses a payment. One loop per payment and at most `concurrency`
/// loops at a time; a payment that has to pause gives its place to others.
class SettleWorker {
 public:
  /// Borrows `settle` and `store`.
  SettleWorker(SettlePayment& settle, PaymentStore& store, const PaymentOptions& options);
  /// Asserts that it was stopped, if it was started.
  ~SettleWorker();
  SettleWorker(const SettleWorker&) = delete;
  SettleWorker& operator=(const SettleWorker&) = delete;

  /// Starts on the current executor, where all loops run; once.
  void start();
  /// Ends after the steps in hand, of which none takes longer than the provider's timeout and a
  /// commit. What is open stays open in the store.
  Task<void> stop();

  /// Something has changed about this payment, which is open since then: look at it, soon. Any
  /// thread; never blocks.
  void take(PaymentId id, Timestamp since);
  /// The same of a payment that was opened right now: spares reading it.
  void take_new(const Payment& payment);

  [[nodiscard]] SettleStats stats() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace baedal::payment
