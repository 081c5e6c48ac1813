#include "platform/messaging/memory/memory_bus.hpp"

#include <algorithm>
#include <limits>
#include <ranges>
#include <utility>

#include "kernel/async/sync.hpp"

namespace baedal::messaging {
namespace {

constexpr Offset kEverything = std::numeric_limits<Offset>::max();

/// Mixes keys and keeps the order of each: draws the next event from a random key.
std::vector<Delivery> shuffled_across_keys(std::vector<Delivery> batch, std::mt19937_64& random) {
  std::map<std::string, std::vector<Delivery>> by_key;
  for (Delivery& delivery : batch | std::views::reverse) {
    by_key[delivery.envelope.key].push_back(std::move(delivery));
  }
  std::vector<Delivery> out;
  out.reserve(batch.size());
  while (!by_key.empty()) {
    auto key = by_key.begin();
    std::advance(key, static_cast<std::ptrdiff_t>(random() % by_key.size()));
    out.push_back(std::move(key->second.back()));
    key->second.pop_back();
    if (key->second.empty()) by_key.erase(key);
  }
  return out;
}

}  // namespace

struct MemoryBus::Group {
  std::string name;
  Handler handler;
  std::mt19937_64 random;
  Event wake{};
  Event ended{};
};

MemoryBus::MemoryBus(MemoryBusOptions options, std::shared_ptr<MemoryTopic> topic)
    : options_(options), topic_(std::move(topic)) {}

MemoryBus::~MemoryBus() { BAEDAL_ASSERT(!running_); }

Task<Result<void>> MemoryBus::publish_all(std::vector<Envelope> events) {
  {
    const std::lock_guard lock(topic_->mutex);
    for (Envelope& event : events) {
      topic_->events.push_back({static_cast<Offset>(topic_->events.size()), std::move(event)});
    }
  }
  if (running_) {
    for (const auto& group : groups_) group->wake.set();
  }
  co_return Result<void>{};
}

void MemoryBus::subscribe(std::string group, Handler handler) {
  BAEDAL_ASSERT(!running_);
  const std::uint64_t seed = options_.seed + groups_.size();
  groups_.push_back(
      std::make_unique<Group>(std::move(group), std::move(handler), std::mt19937_64(seed)));
}

Result<void> MemoryBus::start() {
  BAEDAL_ASSERT(!running_);
  stop_.reset();
  {
    const std::lock_guard lock(topic_->mutex);
    end_at_start_ = static_cast<Offset>(topic_->events.size());
  }
  running_ = true;
  for (const auto& group : groups_) {
    group->ended.reset();
    spawn(run(*group));
  }
  return {};
}

Task<void> MemoryBus::stop() {
  stop_.request();
  if (!running_) co_return;
  for (const auto& group : groups_) group->wake.set();
  for (const auto& group : groups_) co_await group->ended.wait();
  running_ = false;
}

Task<void> MemoryBus::run(Group& group) {
  GrowingPause pause(options_.pause_first, options_.pause_max);
  Offset position = 0;
  {
    const std::lock_guard lock(topic_->mutex);
    position = topic_->positions[group.name];
  }
  while (!stop_.requested()) {
    group.wake.reset();
    auto batch = events_from(position, kEverything);
    if (batch.empty()) {
      if (!stop_.requested()) co_await group.wake.wait();
      continue;
    }
    const Offset next = batch.back().offset + 1;
    const auto handled = co_await hand_over(group, std::move(batch));
    if (!handled) {
      co_await stop_.pause(pause.next());
      continue;
    }
    pause.reset();
    position = next;
    {
      const std::lock_guard lock(topic_->mutex);
      topic_->positions[group.name] = position;
    }
    co_await yield();
  }
  group.ended.set();
}

Task<Result<void>> MemoryBus::hand_over(Group& group, std::vector<Delivery> batch) {
  if (options_.delay.count() > 0) co_await stop_.pause(options_.delay);
  if (options_.shuffle_across_keys) batch = shuffled_across_keys(std::move(batch), group.random);
  auto handled = co_await group.handler(batch);
  if (handled && options_.deliver_twice) handled = co_await group.handler(batch);
  co_return handled;
}

Task<Result<void>> MemoryBus::replay(Handler handler) {
  Offset end = 0;
  {
    const std::lock_guard lock(topic_->mutex);
    end = static_cast<Offset>(topic_->events.size());
  }
  Offset from = 0;
  while (from < end) {
    if (stop_.requested()) co_return unavailable("bus-stopping", "The bus is stopping.");
    const auto batch = events_from(from, end);
    auto handled = co_await handler(batch);
    if (!handled) co_return handled;
    from += static_cast<Offset>(batch.size());
    co_await yield();
  }
  co_return Result<void>{};
}

std::vector<Delivery> MemoryBus::events_from(Offset from, Offset end) const {
  const std::lock_guard lock(topic_->mutex);
  const auto have = static_cast<Offset>(topic_->events.size());
  const Offset limit = from + static_cast<Offset>(options_.batch_max);
  const Offset stop = std::min({have, end, limit});
  if (from >= stop) return {};
  return {topic_->events.begin() + from, topic_->events.begin() + stop};
}

std::vector<GroupStatus> MemoryBus::groups() const {
  const std::lock_guard lock(topic_->mutex);
  std::vector<GroupStatus> status;
  const auto end = static_cast<Offset>(topic_->events.size());
  for (const auto& group : groups_) {
    const auto kept = topic_->positions.find(group->name);
    const Offset position = kept == topic_->positions.end() ? 0 : kept->second;
    status.push_back(
        {group->name, position, end - position, running_ && position >= end_at_start_});
  }
  return status;
}

}  // namespace baedal::messaging
