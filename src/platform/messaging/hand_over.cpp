#include "platform/messaging/hand_over.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace baedal::messaging {

void HandOver::push(std::vector<store::OutboxRow> committed) {
  if (committed.empty()) return;
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    committed_seq_ = committed.back().seq;
    if (!overflowed_ && rows_.size() + committed.size() > rows_max_) {
      overflowed_ = true;
      dropped_time_ = (rows_.empty() ? committed.front() : rows_.front()).event.time;
      rows_.clear();
    }
    if (!overflowed_) std::ranges::move(committed, std::back_inserter(rows_));
    woken_ = true;
    wake = std::exchange(waiting_, false);
  }
  if (wake) wake_.set();
}

std::vector<store::OutboxRow> HandOver::take(std::size_t max, std::int64_t after) {
  const std::lock_guard lock(mutex_);
  std::vector<store::OutboxRow> taken;
  while (!rows_.empty() && taken.size() < max) {
    if (rows_.front().seq > after) taken.push_back(std::move(rows_.front()));
    rows_.pop_front();
  }
  return taken;
}

bool HandOver::holds(std::int64_t seq) const {
  const std::lock_guard lock(mutex_);
  const auto row = std::ranges::lower_bound(rows_, seq, {}, &store::OutboxRow::seq);
  return row != rows_.end() && row->seq == seq;
}

bool HandOver::overflowed() const {
  const std::lock_guard lock(mutex_);
  return overflowed_;
}

void HandOver::begin_again() {
  const std::lock_guard lock(mutex_);
  rows_.clear();
  overflowed_ = false;
  dropped_time_ = {};
}

Task<void> HandOver::wait() {
  wake_.reset();
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(woken_, false)) co_return;
    waiting_ = true;
  }
  co_await wake_.wait();
  const std::lock_guard lock(mutex_);
  woken_ = false;
}

void HandOver::wake() {
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
    wake = std::exchange(waiting_, false);
  }
  if (wake) wake_.set();
}

std::int64_t HandOver::committed_seq() const {
  const std::lock_guard lock(mutex_);
  return committed_seq_;
}

Timestamp HandOver::oldest_time() const {
  const std::lock_guard lock(mutex_);
  return rows_.empty() ? dropped_time_ : rows_.front().event.time;
}

}  // namespace baedal::messaging
