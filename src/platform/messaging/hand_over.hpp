#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <vector>

#include "kernel/async/sync.hpp"
#include "platform/store/store.hpp"

namespace baedal::messaging {

/// Outbox rows on their way from the store's writer to the relay: bounded, and when full it drops
/// what it has and says so, for the table has it all. Thread-safe.
class HandOver {
 public:
  explicit HandOver(std::size_t rows_max) : rows_max_(rows_max) {}

  /// From the store's thread; never blocks for long.
  void push(std::vector<store::OutboxRow> committed);
  /// Up to `max` rows with seq > `after`.
  std::vector<store::OutboxRow> take(std::size_t max, std::int64_t after);

  /// Whether it has the row with that `seq`, waiting to be taken.
  [[nodiscard]] bool holds(std::int64_t seq) const;

  /// Rows were dropped since the last begin_again(): they must be read from the table.
  [[nodiscard]] bool overflowed() const;
  /// Gathers anew, from now on. What is committed before this call is to be read from the table.
  void begin_again();

  /// Resumes when there are rows, or after wake().
  Task<void> wait();
  void wake();

  [[nodiscard]] std::int64_t committed_seq() const;
  /// Of the first row held, or of the first dropped; micros 0 when there is none.
  [[nodiscard]] Timestamp oldest_time() const;

 private:
  const std::size_t rows_max_;
  mutable std::mutex mutex_;
  std::deque<store::OutboxRow> rows_;
  bool overflowed_ = false;
  Timestamp dropped_time_{};
  std::int64_t committed_seq_ = 0;
  bool woken_ = false;
  bool waiting_ = false;
  Event wake_;
};

}  // namespace baedal::messaging
