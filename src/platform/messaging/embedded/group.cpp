#include "platform/messaging/embedded/group.hpp"

#include <utility>

namespace baedal::messaging {
namespace {

/// Batches of at least so many events mean that a stream is coming.
constexpr std::size_t kStreamEvents = 8;
/// As much as a batch holds, about: with so much to read there is nothing to wait for.
constexpr Offset kFullBatchBytes = 64 << 10;

}  // namespace

Group::Group(std::string name, Bus::Handler handler)
    : name_(std::move(name)), handler_(std::move(handler)) {}

Result<void> Group::open(const std::filesystem::path& folder, EventLog& events, IoFaults* faults) {
  auto file = CursorFile::open(folder / (name_ + ".position"), faults);
  if (!file) return pass_on(file);
  file_ = std::move(*file);
  epoch_ = events.log().epoch();
  ended_.reset();
  if (file_->cursor()) {
    const auto resumed = events.log().resume_offset(*file_->cursor());
    if (!resumed) return std::unexpected(resumed.error());
    position_ = *resumed;
    return {};
  }
  position_ = events.log().begin_offset();
  auto kept = file_->save({epoch_, position_.load()});
  if (kept) kept = file_->sync();
  if (kept) kept = sync_folder(folder);
  return kept;
}

Task<void> Group::run(EventLog& events, StopFlag& stop, GrowingPause pause,
                      std::chrono::milliseconds stream_interval) {
  while (!stop.requested()) {
    const auto next_of_stream = SteadyClock::now() + stream_interval;
    auto delivered = co_await deliver_some(events);
    if (!delivered) {
      set_health(pass_on(delivered));
      co_await stop.pause(pause.next());
    } else if (*delivered > 0) {
      pause.reset();
      if (*delivered >= kStreamEvents) co_await gather(events, next_of_stream);
      co_await yield();
    } else {
      co_await wait(events, stop);
    }
  }
  ended_.set();
}

/// Within a stream, lets a batch's worth of events come together: every batch costs its consumer a
/// sync, and syncs of one disk queue up behind each other, those that a client waits for too.
Task<void> Group::gather(EventLog& events, SteadyClock::time_point until) {
  if (events.end_offset() - position_.load() >= kFullBatchBytes) co_return;
  const auto left = until - SteadyClock::now();
  if (left > left.zero()) co_await sleep_for(left);
}

/// One batch; gives how many events it had.
Task<Result<std::size_t>> Group::deliver_some(EventLog& events) {
  const Offset from = position_.load();
  if (from >= events.end_offset()) co_return std::size_t{0};
  const auto batch = events.read(from);
  if (!batch) co_return std::unexpected(batch.error());
  auto handled = co_await handler_(batch->deliveries);
  if (!handled) co_return pass_on(handled);
  set_health({});
  move_on(events, batch->next);
  co_return batch->deliveries.size();
}

Task<void> Group::wait(EventLog& events, const StopFlag& stop) {
  wake_.reset();
  waiting_ = true;
  // Looked at after waiting_ is set: who appends now sees it, and wakes.
  if (position_.load() < events.end_offset() || stop.requested()) {
    waiting_ = false;
    co_return;
  }
  co_await wake_.wait();
}

void Group::wake() {
  if (waiting_.exchange(false)) wake_.set();
}

/// Kept about once a second, not per batch: what a crash forgets of it is only seen again, as after
/// a power loss, and whoever handles events knows what it has handled.
void Group::move_on(EventLog& events, Offset next) {
  position_ = next;
  if (!unkept_.exchange(true)) events.request_upkeep();
}

Result<void> Group::sync() {
  if (!unkept_.exchange(false)) return {};
  auto kept = keep_position();
  if (!kept) unkept_ = true;
  const std::lock_guard lock(health_mutex_);
  kept_ = kept;
  return kept;
}

Result<void> Group::keep_position() {
  const std::lock_guard lock(file_mutex_);
  auto kept = file_->save({epoch_, position_.load()});
  if (kept) kept = file_->sync();
  return kept;
}

Result<void> Group::health() const {
  const std::lock_guard lock(health_mutex_);
  return health_ ? kept_ : health_;
}

void Group::set_health(Result<void> health) {
  const std::lock_guard lock(health_mutex_);
  health_ = std::move(health);
}

}  // namespace baedal::messaging
