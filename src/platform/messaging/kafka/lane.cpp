#include "platform/messaging/kafka/lane.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace baedal::messaging::kafka {

Lane::Lane(int partition, const LaneRules& rules, Executor& executor, StopFlag& stop)
    : partition_(partition), rules_(rules), executor_(executor), stop_(stop) {}

void Lane::assign(Offset position) {
  const std::lock_guard lock(mutex_);
  waiting_.clear();
  position_ = position;
  moved_ = false;
  taken_ = false;
  taken_over_ = true;
  assigned_ = true;
  open_ = true;
}

void Lane::close() {
  const std::lock_guard lock(mutex_);
  open_ = false;
  waiting_.clear();
}

bool Lane::wait_idle(std::chrono::milliseconds timeout) {
  std::unique_lock lock(mutex_);
  return idle_.wait_for(lock, timeout, [this] { return !running_; });
}

void Lane::wait_idle() {
  std::unique_lock lock(mutex_);
  idle_.wait(lock, [this] { return !running_; });
}

void Lane::revoke() {
  const std::lock_guard lock(mutex_);
  ++generation_;
  open_ = false;
  assigned_ = false;
  moved_ = false;
  waiting_.clear();
  health_ = {};
}

void Lane::push(Delivery delivery) {
  {
    const std::lock_guard lock(mutex_);
    if (!open_ || stop_.requested()) return;  // it comes again
    delivery.taken_over = std::exchange(taken_over_, false);
    waiting_.push_back(std::move(delivery));
    if (std::exchange(running_, true)) return;
  }
  executor_.post([self = shared_from_this()] { spawn(self->run()); });
}

Task<void> Lane::run() {
  // The frame owns the lane: it may outlive the group's interest in the partition.
  const auto self = shared_from_this();
  while (true) {
    std::uint64_t generation = 0;
    {
      const std::lock_guard lock(mutex_);
      generation = generation_;
    }
    const auto batch = next_batch();
    if (batch.empty()) co_return;
    const bool taken = co_await hand_over(batch);
    if (taken) settle(batch, generation);
    co_await yield();
  }
}

/// Empty when nothing is to do: then the coroutine counts as ended.
std::vector<Delivery> Lane::next_batch() {
  const std::lock_guard lock(mutex_);
  std::vector<Delivery> batch;
  if (open_ && !stop_.requested()) {
    const auto count = static_cast<std::ptrdiff_t>(std::min(waiting_.size(), rules_.batch_max));
    batch.assign(std::make_move_iterator(waiting_.begin()),
                 std::make_move_iterator(waiting_.begin() + count));
    waiting_.erase(waiting_.begin(), waiting_.begin() + count);
  }
  if (batch.empty()) {
    running_ = false;
    idle_.notify_all();
  }
  return batch;
}

/// Gives the batch until it is taken; false when the partition goes or the bus stops before.
Task<bool> Lane::hand_over(const std::vector<Delivery>& batch) {
  GrowingPause pause(rules_.pause_first, rules_.pause_max);
  while (true) {
    auto handled = co_await rules_.handler(batch);
    {
      const std::lock_guard lock(mutex_);
      health_ = handled;
    }
    if (handled) co_return true;
    if (gives_up()) co_return false;
    co_await stop_.pause(pause.next());
    if (gives_up()) co_return false;
  }
}

bool Lane::gives_up() const {
  const std::lock_guard lock(mutex_);
  return !open_ || stop_.requested();
}

void Lane::settle(const std::vector<Delivery>& batch, std::uint64_t generation) {
  const std::lock_guard lock(mutex_);
  if (generation != generation_) return;
  position_ = batch.back().offset + 1;
  moved_ = true;
  taken_ = true;
}

bool Lane::assigned() const {
  const std::lock_guard lock(mutex_);
  return assigned_;
}

bool Lane::full() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size() >= rules_.waiting_max;
}

bool Lane::has_room() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size() <= rules_.waiting_max / 4;
}

Offset Lane::position() const {
  const std::lock_guard lock(mutex_);
  return position_;
}

std::optional<Offset> Lane::take_moved() {
  const std::lock_guard lock(mutex_);
  if (!std::exchange(moved_, false)) return std::nullopt;
  return position_;
}

std::optional<Offset> Lane::taken() const {
  const std::lock_guard lock(mutex_);
  if (!assigned_ || !taken_) return std::nullopt;
  return position_;
}

void Lane::mark_moved() {
  const std::lock_guard lock(mutex_);
  moved_ = assigned_ && taken_;
}

Result<void> Lane::health() const {
  const std::lock_guard lock(mutex_);
  return health_;
}

}  // namespace baedal::messaging::kafka
