#include "services/mypage/app/line_watchers.hpp"

#include <chrono>
#include <mutex>
#include <unordered_map>
#include <utility>

#include "kernel/async/executor.hpp"

namespace baedal::mypage {
namespace {

/// Shorter than what proxies and mobile networks call idle.
constexpr std::chrono::seconds kBeatPause{15};

}  // namespace

/// Shared with the watches, and with what is posted to the executor.
struct LineWatchers::State : std::enable_shared_from_this<State> {
  explicit State(WatchLimits most_in) : most(most_in) {}

  void arm();
  void beat();
  void end();
  void wake_all_locked(Watch::Bit bit);
  std::expected<void, WatchRefusal> enter(Watch& watch);
  void leave(Watch& watch);
  void wake_of(std::int64_t order);

  const WatchLimits most;
  std::atomic<std::size_t> count{0};
  Executor* executor = nullptr;

  std::mutex mutex;
  bool over = false;
  std::unordered_multimap<std::int64_t, Watch*> by_order;
  std::unordered_map<std::string, std::size_t> of_client;
};

void LineWatchers::State::arm() {
  // Not kept alive by its own beat.
  executor->post_after(kBeatPause, [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (self) self->beat();
  });
}

void LineWatchers::State::beat() {
  {
    const std::lock_guard lock(mutex);
    if (over) return;
    wake_all_locked(Watch::kBeat);
  }
  arm();
}

void LineWatchers::State::end() {
  const std::lock_guard lock(mutex);
  over = true;
  wake_all_locked(Watch::kOver);
}

void LineWatchers::State::wake_all_locked(Watch::Bit bit) {
  for (const auto& [order, watch] : by_order) watch->wake(bit);
}

std::expected<void, WatchRefusal> LineWatchers::State::enter(Watch& watch) {
  const std::lock_guard lock(mutex);
  if (over || by_order.size() >= most.all) return std::unexpected(WatchRefusal::kFull);
  std::size_t& of_this = of_client[watch.client()];
  if (most.of_client != 0 && of_this >= most.of_client) {
    return std::unexpected(WatchRefusal::kFullOfClient);
  }
  ++of_this;
  by_order.emplace(watch.order().value(), &watch);
  count.store(by_order.size());
  return {};
}

void LineWatchers::State::leave(Watch& watch) {
  const std::lock_guard lock(mutex);
  auto [first, last] = by_order.equal_range(watch.order().value());
  while (first != last && first->second != &watch) ++first;
  if (first == last) return;
  by_order.erase(first);
  const auto of_this = of_client.find(watch.client());
  if (--of_this->second == 0) of_client.erase(of_this);
  count.store(by_order.size());
}

void LineWatchers::State::wake_of(std::int64_t order) {
  const auto [first, last] = by_order.equal_range(order);
  for (auto at = first; at != last; ++at) at->second->wake(Watch::kChanged);
}

LineWatchers::LineWatchers(WatchLimits limits) : state_(std::make_shared<State>(limits)) {}

LineWatchers::~LineWatchers() = default;

void LineWatchers::start() {
  state_->executor = &Executor::current();
  state_->arm();
}

void LineWatchers::end() { state_->end(); }

std::expected<std::unique_ptr<LineWatchers::Watch>, WatchRefusal> LineWatchers::watch(
    OrderId order, std::string client) {
  auto watch = std::make_unique<Watch>(state_, order, std::move(client));
  if (const auto entered = state_->enter(*watch); !entered) {
    return std::unexpected(entered.error());
  }
  return watch;
}

void LineWatchers::changed(std::span<const Change> changes) {
  // Sequentially consistent, as is enter(): whoever began to watch before the view had the change
  // is counted here, and who began after it reads a view that has it.
  if (state_->count.load() == 0) return;
  const std::lock_guard lock(state_->mutex);
  for (const Change& change : changes) state_->wake_of(change.order.value());
}

std::size_t LineWatchers::watching() const { return state_->count.load(); }

LineWatchers::Watch::Watch(std::shared_ptr<State> state, OrderId order, std::string client)
    : state_(std::move(state)), order_(order), client_(std::move(client)) {}

LineWatchers::Watch::~Watch() { state_->leave(*this); }

void LineWatchers::Watch::wake(Bit bit) {
  bits_.fetch_or(bit);
  woken_.set();
}

void LineWatchers::Watch::cancel() { wake(kOver); }

Task<News> LineWatchers::Watch::next() {
  while (true) {
    co_await woken_.wait();
    // In this order: what comes in between is in the bits, or wakes once more.
    woken_.reset();
    const std::uint8_t bits = bits_.fetch_and(kOver);
    if (bits == 0) continue;
    if ((bits & kOver) != 0) woken_.set();  // and so is every later one
    co_return News{.changed = (bits & kChanged) != 0,
                   .beat = (bits & kBeat) != 0,
                   .over = (bits & kOver) != 0};
  }
}

}  // namespace baedal::mypage
