#include "simulation/timeline.hpp"

#include <algorithm>
#include <utility>

#include "kernel/assert.hpp"

namespace baedal::simulation {
namespace {

using std::chrono::nanoseconds;

constexpr Timestamp kEpoch{1'614'070'595'000'000};
constexpr std::size_t kLastStepsMax = 1'000'000;

}  // namespace

VirtualExecutor::VirtualExecutor(Timeline& timeline)
    : timeline_(timeline), number_(++timeline.executors_made_) {
  timeline_.executors_.push_back(this);
}

VirtualExecutor::~VirtualExecutor() { std::erase(timeline_.executors_, this); }

void VirtualExecutor::post(std::function<void()> work) { ready_.push_back(std::move(work)); }

void VirtualExecutor::post_after(nanoseconds delay, std::function<void()> work) {
  timers_.emplace(now() + delay, std::move(work));
}

nanoseconds VirtualExecutor::now() const { return timeline_.now() + ahead_; }

void VirtualExecutor::run_out() {
  std::erase(timeline_.executors_, this);
  halted_until_ = nanoseconds{0};
  for (std::size_t ran = 0; !ready_.empty() || !timers_.empty(); ++ran) {
    BAEDAL_ASSERT(ran < kLastStepsMax);
    if (ready_.empty()) {
      ahead_ = std::max(ahead_, timers_.begin()->first - timeline_.now());
      fire_due();
    }
    run_one();
  }
}

bool VirtualExecutor::is_ready() const {
  return !ready_.empty() && halted_until_ <= timeline_.now();
}

nanoseconds VirtualExecutor::next_due() const {
  if (!ready_.empty()) return halted_until_;
  if (timers_.empty()) return nanoseconds::max();
  return std::max(timers_.begin()->first, halted_until_);
}

void VirtualExecutor::fire_due() {
  if (halted_until_ > now()) return;
  while (!timers_.empty() && timers_.begin()->first <= now()) {
    ready_.push_back(std::move(timers_.extract(timers_.begin()).mapped()));
  }
}

void VirtualExecutor::run_one() {
  const std::function<void()> work = std::move(ready_.front());
  ready_.pop_front();
  const Enter enter(*this);
  work();
}

bool Timeline::step() {
  VirtualExecutor* chosen = choose();
  while (chosen == nullptr) {
    if (!go_on_to_next_timer()) return false;
    chosen = choose();
  }
  ++steps_;
  trace_ = (trace_ ^ chosen->number_ ^ static_cast<std::uint64_t>(now_.count())) * 0x100000001b3;
  chosen->run_one();
  return true;
}

VirtualExecutor* Timeline::choose() {
  const auto ready = std::ranges::count_if(executors_, &VirtualExecutor::is_ready);
  if (ready == 0) return nullptr;
  std::int64_t left = chance_.below(ready);
  for (VirtualExecutor* executor : executors_) {
    if (executor->is_ready() && left-- == 0) return executor;
  }
  return nullptr;
}

bool Timeline::go_on_to_next_timer() {
  nanoseconds due = nanoseconds::max();
  for (const VirtualExecutor* executor : executors_) due = std::min(due, executor->next_due());
  if (due == nanoseconds::max()) return false;
  now_ = std::max(now_, due);
  for (VirtualExecutor* executor : executors_) executor->fire_due();
  return true;
}

Timestamp VirtualClock::now() const {
  return kEpoch + std::chrono::duration_cast<std::chrono::microseconds>(executor_.now()) +
         wrong_by_;
}

std::chrono::steady_clock::time_point VirtualClock::monotonic() const {
  return std::chrono::steady_clock::time_point{executor_.now()};
}

}  // namespace baedal::simulation
