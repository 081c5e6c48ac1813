#include "simulation/world.hpp"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <utility>

#include "services/order/outbound/order_tables.hpp"

namespace baedal::simulation {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

/// In fair weather, all must have ended by then.
constexpr std::chrono::minutes kSettleTime{6};
/// And stay so, or end again, as long as the slowest message may still be under way.
constexpr std::chrono::seconds kQuietTime{30};
constexpr std::chrono::milliseconds kLookPause{100};

/// In memory where there is such a folder: it is made and removed for each run.
fs::path fresh_folder() {
  static std::atomic<int> made{0};
  const fs::path memory = "/dev/shm";
  const fs::path base = fs::exists(memory) ? memory : fs::temp_directory_path();
  const std::string name =
      "baedal-simulation-" + std::to_string(::getpid()) + "-" + std::to_string(++made);
  return base / name;
}

}  // namespace

World::World(const Plan& plan, bool tells)
    : plan_(plan),
      timeline_(Chance(plan.seed).fork("timeline")),
      weather_(plan_),
      story_(timeline_, tells),
      topic_(plan.partitions),
      surroundings_{timeline_,
                    weather_,
                    story_,
                    network_,
                    topic_,
                    office_,
                    disks_,
                    fresh_folder(),
                    plan.bug,
                    plan.in_one ? 1 : plan.replicas,
                    key_retention(plan)},
      people_(plan_, surroundings_, outside_),
      checker_(disks_, topic_, office_, people_.witness()) {
  make_slots();
}

World::~World() {
  for (Slot& slot : slots_) {
    if (slot.process) kill(slot);
  }
  people_.go_home();
  outside_.run_out();
  std::error_code ec;
  fs::remove_all(surroundings_.folder, ec);
}

void World::make_slots() {
  const std::vector<std::string> roles{"menu", "delivery", "payment", "order", "mypage"};
  if (plan_.in_one) {
    slots_.push_back({"all", roles, nullptr});
    return;
  }
  for (const std::string& role : roles) {
    for (const std::string& name : surroundings_.instances_of(role)) {
      slots_.push_back({name, {role}, nullptr});
    }
  }
  if (plan_.by_gateway) slots_.push_back({"gateway", {"gateway"}, nullptr});
}

Outcome World::run() {
  people_.start();
  look_after();
  while (timeline_.steps() < plan_.steps && !checker_.is_broken()) {
    step();
    make_mischief();
    // Nobody wants anything any more, and all there was has ended.
    if (timeline_.steps() % 128 == 0 && still_missing().empty()) break;
  }
  if (!checker_.is_broken()) settle();
  return outcome();
}

void World::step() {
  timeline_.step();
  checker_.check();
  if (timeline_.now() >= looked_after_ + kLookPause) look_after();
}

/// Starts what is down, when its time has come.
void World::look_after() {
  looked_after_ = timeline_.now();
  for (Slot& slot : slots_) {
    if (slot.process && slot.process->is_over()) {
      slot.process.reset();
      slot.start_at = timeline_.now() + weather_.chance(Fault::kStop).between(0ms, 3s);
    }
    if (slot.process || slot.start_at > timeline_.now()) continue;
    slot.process = std::make_unique<Process>(surroundings_, slot.name, slot.roles);
    slot.process->start();
  }
}

void World::make_mischief() {
  if (weather_.strikes(Fault::kCrash, 2)) {
    Slot& slot = slots_.at(
        static_cast<std::size_t>(weather_.chance(Fault::kCrash).below(std::ssize(slots_))));
    if (slot.process) kill(slot);
  }
  if (weather_.strikes(Fault::kStop, 1)) {
    if (Process* process = any_process(Fault::kStop)) process->stop();
  }
  if (weather_.strikes(Fault::kHalt, 2)) {
    if (Process* process = any_process(Fault::kHalt)) halt(process->executor());
  }
  if (weather_.strikes(Fault::kClockJumps, 2)) {
    const auto by =
        weather_.chance(Fault::kClockJumps).between(-plan_.clock_error, plan_.clock_error);
    if (Process* process = any_process(Fault::kClockJumps)) process->clock().be_wrong(by);
  }
  if (weather_.strikes(Fault::kPartition, 3)) {
    const Process* a = any_process(Fault::kPartition);
    const Process* b = any_process(Fault::kPartition);
    if (a != nullptr && b != nullptr && a != b) {
      network_.part(a->name(), b->name(), weather_.chance(Fault::kPartition).between(10ms, 10s));
    }
  }
  if (weather_.strikes(Fault::kBusTears, 2)) {
    story_.tell("bus", "loses what it has not synced");
    topic_.tear([this](const Topic::Partition& partition) {
      return static_cast<std::size_t>(
          weather_.chance(Fault::kBusTears)
              .between(static_cast<std::int64_t>(partition.synced), std::ssize(partition.events)));
    });
  }
}

Process* World::any_process(Fault fault) {
  Slot& slot =
      slots_.at(static_cast<std::size_t>(weather_.chance(fault).below(std::ssize(slots_))));
  if (!slot.process || !slot.process->is_serving()) return nullptr;
  if (story_.on()) story_.tell("world", std::string{to_word(fault)} + ": " + slot.name);
  return slot.process.get();
}

/// Not again at once: what waited for it gets on in between.
void World::halt(VirtualExecutor& executor) {
  const auto halted_for = weather_.chance(Fault::kHalt).between(1ms, kHaltMax);
  const auto before = executor.halted_until();
  if (before.count() > 0 && timeline_.now() < before + kHaltMax) return;
  executor.halt_until(timeline_.now() + halted_for);
}

void World::kill(Slot& slot) {
  ++deaths_;
  if (story_.on()) story_.tell("world", "crash: " + slot.name);
  slot.process->die();
  slot.process.reset();
  slot.start_at = timeline_.now() + weather_.chance(Fault::kCrash).between(0ms, 5s);
}

/// Nothing goes wrong any more: all comes to its end, and stays there.
void World::settle() {
  swept_in_trouble_ = keys_swept();
  story_.tell("world", "fair weather from now on");
  weather_.calm();
  for (Slot& slot : slots_) {
    if (slot.process) slot.process->executor().halt_until(timeline_.now());
  }
  const auto until = timeline_.now() + kSettleTime;
  for (bool ended = false; !ended && !checker_.is_broken();) {
    if (!wait_for_end(until)) return require_end();
    // A request that nobody waits for any more may still be under way.
    const auto quiet_until = timeline_.now() + kQuietTime;
    while (!checker_.is_broken() && timeline_.now() < quiet_until) step();
    ended = still_missing().empty();
  }
}

/// Whether all has come to its end, or a rule was broken, by then.
bool World::wait_for_end(std::chrono::nanoseconds until) {
  auto look_at = timeline_.now();
  while (!checker_.is_broken()) {
    step();
    if (timeline_.now() < look_at) continue;
    look_at = timeline_.now() + 1s;
    replay_parked();
    if (still_missing().empty()) return true;
    if (timeline_.now() > until) return false;
  }
  return true;
}

std::vector<std::string> World::still_missing() const {
  std::vector<std::string> missing = checker_.missing();
  if (!people_.are_content()) missing.push_back("somebody still waits for an answer");
  return missing;
}

void World::require_end() {
  const std::vector<std::string> missing = still_missing();
  if (missing.empty()) return;
  violation_ = {"in fair weather, not everything has come to its end", {}};
  for (const std::string& what : missing) violation_.detail += what + "; ";
}

/// What an operator does about parked events, once their cause is gone.
void World::replay_parked() {
  for (Slot& slot : slots_) {
    if (!slot.process || !slot.process->is_serving()) continue;
    for (ServiceHost& host : slot.process->hosts()) {
      if (!host.subscriber || host.parking->count() == 0) continue;
      auto replay = [](messaging::Subscriber& subscriber) -> Task<void> {
        static_cast<void>(co_await subscriber.replay_parked());
      };
      slot.process->executor().post(
          [replay, subscriber = host.subscriber.get()] { spawn(replay(*subscriber)); });
    }
  }
}

std::uint64_t World::keys_swept() const {
  std::uint64_t swept = 0;
  disks_.each("", [&swept](const Disk& disk) { swept += disk.keys_swept(); });
  return swept;
}

Outcome World::outcome() {
  Outcome outcome;
  outcome.violation = checker_.is_broken() ? checker_.violation() : violation_;
  outcome.steps = timeline_.steps();
  outcome.trace = timeline_.trace();
  outcome.virtual_time = timeline_.now();
  if (const Disk* orders = disks_.find("order")) {
    outcome.orders = orders->rows(order::kOrders).size();
  }
  outcome.deaths = deaths_;
  outcome.keys_swept = keys_swept();
  outcome.keys_swept_in_trouble = swept_in_trouble_;
  outcome.struck = weather_.struck();
  outcome.story = story_.lines();
  return outcome;
}

Outcome simulate(const Plan& plan, bool tells) {
  World world(plan, tells);
  return world.run();
}

}  // namespace baedal::simulation
