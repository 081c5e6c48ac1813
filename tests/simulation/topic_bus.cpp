#include "simulation/topic_bus.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "kernel/async/executor.hpp"

namespace baedal::simulation {
namespace {

using namespace std::chrono_literals;
using messaging::Delivery;
using messaging::Envelope;
using messaging::GroupStatus;
using messaging::Offset;

std::unexpected<Error> not_kept() {
  return unavailable("bus-refused", "The bus has not kept the events.");
}

/// Draws the next event from a random key; the events of one key keep their order.
std::vector<Delivery> shuffled_across_keys(std::vector<Delivery> batch, Chance& chance) {
  std::map<std::string, std::vector<Delivery>> by_key;
  for (auto event = batch.rbegin(); event != batch.rend(); ++event) {
    by_key[event->envelope.key].push_back(std::move(*event));
  }
  std::vector<Delivery> out;
  while (!by_key.empty()) {
    auto key = by_key.begin();
    std::advance(key, chance.below(std::ssize(by_key)));
    out.push_back(std::move(key->second.back()));
    key->second.pop_back();
    if (key->second.empty()) by_key.erase(key);
  }
  return out;
}

}  // namespace

/// One group at one partition.
struct TopicBus::Lane {
  std::string group;
  std::size_t partition;
  Handler handler;
  bool taken_over = true;  ///< the next batch is the first since the partition came here
  Event wake{};
  Event ended{};
};

TopicBus::TopicBus(std::string name, Topic& topic, const Life& life, const Clock& clock,
                   World world)
    : name_(std::move(name)), topic_(topic), life_(life), clock_(clock), world_(world) {
  topic_.enrol(this, [this] {
    for (const auto& lane : lanes_) lane->wake.set();
  });
}

TopicBus::~TopicBus() {
  BAEDAL_ASSERT(!running_);
  leave_groups();
  topic_.leave(this);
}

Task<Result<void>> TopicBus::publish_all(std::vector<Envelope> events) {
  if (world_.bug != Bug::kMarksBeforePublished) return publish(std::move(events));
  return publish_unseen(std::move(events));
}

/// The planted bug: what became of it is not waited for.
Task<Result<void>> TopicBus::publish_unseen(std::vector<Envelope> events) {
  auto forgotten = [](Task<Result<void>> publishing) -> Task<void> {
    static_cast<void>(co_await publishing);
  };
  spawn(forgotten(publish(std::move(events))));
  co_return Result<void>{};
}

Task<Result<void>> TopicBus::publish(std::vector<Envelope> events) {
  if (life_.over) co_return dead();
  const std::uint64_t number = ++publishes_;
  in_flight_[number] = topic_.generation();
  auto sending = send(std::move(events));
  auto kept = co_await sending;
  in_flight_.erase(number);
  co_return kept;
}

Task<Result<void>> TopicBus::send(std::vector<Envelope> events) {
  const std::uint64_t refusals = refusals_;
  const auto arrival =
      std::max(last_arrival_, clock_.monotonic() + world_.weather.delay(Fault::kBusSlow, 2s));
  last_arrival_ = arrival;
  co_await sleep_for(arrival - clock_.monotonic());
  if (life_.over) co_return dead();
  if (refusals != refusals_ || has_lost_some()) co_return refuse();
  if (world_.weather.strikes(Fault::kBusRefuses, 80)) {
    tell("a publish is refused");
    co_return refuse();
  }
  auto keeping = keep(std::move(events));
  co_return co_await keeping;
}

/// Whether the topic was torn under a publish that does not know it yet: then none behind it may be
/// kept.
bool TopicBus::has_lost_some() const {
  return std::ranges::any_of(
      in_flight_, [this](const auto& publish) { return publish.second != topic_.generation(); });
}

std::unexpected<Error> TopicBus::refuse() {
  ++refusals_;
  return not_kept();
}

Task<Result<void>> TopicBus::keep(std::vector<Envelope> events) {
  for (Envelope& event : events) {
    if (world_.story.on()) tell("takes " + event.id + " " + event.type + "(" + event.key + ")");
    std::size_t partition = topic_.partition_of(event);
    if (world_.bug == Bug::kKeysOverPartitions) {
      partition = std::hash<std::string>{}(event.id) % topic_.partitions().size();
    }
    topic_.append(partition, std::move(event));
  }
  const bool word_lost = world_.weather.strikes(Fault::kBusLosesWord, 60);
  const std::uint64_t generation = topic_.generation();
  co_await sleep_for(world_.weather.delay(Fault::kBusSlow, 2s));
  if (life_.over) co_return dead();
  if (generation != topic_.generation()) co_return refuse();
  topic_.sync();
  if (!word_lost) co_return Result<void>{};
  tell("has kept a publish, but its word is lost");
  co_return not_kept();
}

void TopicBus::subscribe(std::string group, Handler handler) {
  BAEDAL_ASSERT(!running_);
  for (std::size_t i = 0; i < topic_.partitions().size(); ++i) {
    lanes_.push_back(std::make_unique<Lane>(group, i, handler));
  }
}

Result<void> TopicBus::start() {
  BAEDAL_ASSERT(!running_);
  stop_.reset();
  ends_at_start_.clear();
  for (const auto& partition : topic_.partitions()) {
    ends_at_start_.push_back(static_cast<Offset>(partition.events.size()));
  }
  running_ = true;
  gone_ = false;
  for (const auto& lane : lanes_) {
    lane->taken_over = true;
    lane->ended.reset();
  }
  for (const std::string& group : group_names()) topic_.join(group, this);
  for (const auto& lane : lanes_) spawn(run(*lane));
  return {};
}

Task<void> TopicBus::stop() {
  stop_.request();
  if (!running_) co_return;
  for (const auto& lane : lanes_) lane->wake.set();
  for (const auto& lane : lanes_) co_await lane->ended.wait();
  for (const auto& lane : lanes_) {
    if (!life_.over && has(*lane)) position(*lane).kept = position(*lane).live;
  }
  leave_groups();
  running_ = false;
}

void TopicBus::leave_groups() {
  if (std::exchange(gone_, true)) return;
  for (const std::string& group : group_names()) topic_.quit(group, this);
}

std::set<std::string> TopicBus::group_names() const {
  std::set<std::string> names;
  for (const auto& lane : lanes_) names.insert(lane->group);
  return names;
}

bool TopicBus::has(const Lane& lane) const { return position(lane).owner == this; }

Topic::Position& TopicBus::position(const Lane& lane) const {
  return topic_.partitions().at(lane.partition).groups[lane.group];
}

Task<void> TopicBus::run(Lane& lane) {
  messaging::GrowingPause pause(50ms, 5s);
  while (!stop_.requested()) {
    lane.wake.reset();
    const Batch batch = next_batch(lane);
    if (batch.empty()) {
      if (!stop_.requested()) co_await lane.wake.wait();
      continue;
    }
    const std::uint64_t generation = topic_.generation();
    const std::uint64_t tenure = position(lane).tenure;
    const Offset next = position(lane).live + std::ssize(batch);
    if (world_.bug == Bug::kPositionBeforeHandled) position(lane).kept = next;
    co_await stop_.pause(world_.weather.delay(Fault::kBusSlow, 2s));
    if (life_.over || stop_.requested() || tenure != position(lane).tenure) continue;
    const bool again = world_.weather.strikes(Fault::kBusTwice, 100);
    const bool handled = co_await hand_over(lane, batch, again);
    if (life_.over) continue;
    if (!handled) {
      co_await stop_.pause(pause.next());
      continue;
    }
    pause.reset();
    if (generation != topic_.generation() || tenure != position(lane).tenure) continue;
    move_on(lane, next);
  }
  lane.ended.set();
}

Task<bool> TopicBus::hand_over(Lane& lane, const Batch& batch, bool again) {
  if (world_.story.on()) {
    std::string line = "gives " + lane.group + ":";
    for (const Delivery& event : batch) line += " " + event.envelope.id + " " + event.envelope.type;
    tell(line);
  }
  for (const Delivery& event : batch) topic_.give(lane.group, event.envelope);
  auto handled = co_await lane.handler(batch);
  if (handled && again && !life_.over) {
    tell("gives " + lane.group + " the same again");
    handled = co_await lane.handler(batch);
  }
  co_return handled.has_value();
}

void TopicBus::move_on(Lane& lane, Offset next) {
  Topic::Position& at = position(lane);
  at.live = next;
  if (world_.weather.chance(Fault::kBusGoesBack).happens(300)) at.kept = next;
  if (world_.weather.strikes(Fault::kBusGoesBack, 40)) go_back(lane);
}

/// To where the group was last kept to be, or further.
void TopicBus::go_back(Lane& lane) {
  Topic::Position& at = position(lane);
  Chance& chance = world_.weather.chance(Fault::kBusGoesBack);
  if (chance.happens(300)) {
    return topic_.rebalance(lane.group, static_cast<std::size_t>(chance.below(8)));
  }
  const Offset furthest = chance.happens(200) ? 0 : std::min(at.kept, at.live);
  at.live = at.kept = chance.between(furthest, at.live);
  lane.taken_over = true;
  if (world_.story.on()) tell(lane.group + " goes back to " + std::to_string(at.live));
}

TopicBus::Batch TopicBus::next_batch(Lane& lane) {
  if (!has(lane)) {
    lane.taken_over = true;
    return {};
  }
  const auto& events = topic_.partitions().at(lane.partition).events;
  const Offset from = position(lane).live;
  if (from >= std::ssize(events)) return {};
  Chance& chance = world_.weather.chance(Fault::kBusReorders);
  const Offset end =
      std::min<Offset>(std::ssize(events), from + chance.between(1, world_.batch_max));
  Batch batch;
  for (Offset i = from; i < end; ++i) {
    batch.push_back({i, events.at(static_cast<std::size_t>(i)), false});
  }
  batch.front().taken_over = std::exchange(lane.taken_over, false);
  if (world_.weather.strikes(Fault::kBusReorders, 300)) {
    batch = shuffled_across_keys(std::move(batch), chance);
  }
  return batch;
}

Task<Result<void>> TopicBus::replay(Handler handler) {
  std::vector<Batch> partitions;
  for (const auto& partition : topic_.partitions()) {
    Batch& all = partitions.emplace_back();
    for (const Envelope& event : partition.events) all.push_back({std::ssize(all), event, false});
  }
  for (const Batch& batch : partitions) {
    co_await sleep_for(world_.weather.delay(Fault::kBusSlow, 2s));
    if (life_.over) co_return dead();
    if (stop_.requested()) co_return unavailable("bus-stopping", "The bus is stopping.");
    if (batch.empty()) continue;
    auto handled = co_await handler(batch);
    if (!handled) co_return handled;
  }
  co_return Result<void>{};
}

std::vector<GroupStatus> TopicBus::groups() const {
  std::map<std::string, GroupStatus> by_name;
  for (const auto& lane : lanes_) {
    GroupStatus& status =
        by_name.try_emplace(lane->group, GroupStatus{lane->group, 0, 0, running_}).first->second;
    const Offset at = position(*lane).live;
    const auto& events = topic_.partitions().at(lane->partition).events;
    status.position += at;
    status.lag += std::ssize(events) - at;
    if (running_ && at < ends_at_start_.at(lane->partition)) status.caught_up = false;
  }
  std::vector<GroupStatus> all;
  for (auto& [name, status] : by_name) all.push_back(std::move(status));
  return all;
}

void TopicBus::tell(const std::string& what) const {
  if (world_.story.on()) world_.story.tell("bus", name_ + ": " + what);
}

}  // namespace baedal::simulation
