#include "services/mypage/app/waiting_orders.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <optional>

#include "kernel/async/executor.hpp"
#include "kernel/async/sync.hpp"

namespace baedal::mypage {
namespace {

constexpr std::chrono::seconds kPause{5};
/// The oldest of one kind may stand behind so many of the other. Beyond that, those say enough.
constexpr std::int64_t kOrdersSeen = 200;

/// What a line waits for; nothing when it does not wait, or is not told of whole.
std::optional<WaitingFor> waiting_for(const Mypage& line) {
  if (line.delivery_id || !line.facts || line.status != OrderStatus::kOrdered) return std::nullopt;
  return line.payment_status ? WaitingFor::kDelivery : WaitingFor::kPayment;
}

}  // namespace

/// Shared with what is posted to the executor, which may run after the watcher is gone.
struct WaitingOrders::State : std::enable_shared_from_this<State> {
  State(const Projection& p, const Clock& c) : projection(p), clock(c) {}

  void arm();
  void wake();
  Task<void> run();
  Task<void> look();

  const Projection& projection;
  const Clock& clock;
  Executor* executor = nullptr;
  /// Micros of the oldest order, by WaitingFor; 0: none.
  std::array<std::atomic<std::int64_t>, 2> oldest{};

  std::mutex mutex;
  bool looking = false, stopping = false;
  Event idle;
};

WaitingOrders::WaitingOrders(const Projection& projection, const Clock& clock)
    : state_(std::make_shared<State>(projection, clock)) {}

WaitingOrders::~WaitingOrders() = default;

void WaitingOrders::start() {
  state_->executor = &Executor::current();
  state_->executor->post([state = state_] { state->wake(); });
}

Task<void> WaitingOrders::stop() {
  const auto state = state_;
  bool looking = false;
  {
    const std::lock_guard lock(state->mutex);
    state->stopping = true;
    looking = state->looking;
  }
  if (looking) co_await state->idle.wait();
}

std::chrono::microseconds WaitingOrders::oldest_age(WaitingFor what) const {
  const std::int64_t since = state_->oldest.at(static_cast<std::size_t>(what)).load();
  if (since == 0) return {};
  return std::max(std::chrono::microseconds{0}, state_->clock.now() - Timestamp{since});
}

void WaitingOrders::State::arm() {
  executor->post_after(kPause, [self = shared_from_this()] { self->wake(); });
}

void WaitingOrders::State::wake() {
  const std::lock_guard lock(mutex);
  if (stopping) return;
  looking = true;
  executor->post([self = shared_from_this()] { spawn(self->run()); });
}

Task<void> WaitingOrders::State::run() {
  const auto self = shared_from_this();  // NOLINT: keeps the state until the last line
  co_await look();
  const std::lock_guard lock(mutex);
  looking = false;
  if (stopping) {
    idle.set();
  } else {
    arm();
  }
}

Task<void> WaitingOrders::State::look() {
  const LineListRequest request{.size = kOrdersSeen, .sort = {{LineSort::kDeliveryId, false}}};
  const auto live = projection.live();
  const auto list = co_await live->list(request);
  if (!list) co_return;  // the store has its own health; what was seen last stays
  std::array<std::int64_t, 2> seen{};
  for (const Mypage& line : list->lines) {
    const auto what = waiting_for(line);
    if (!what) continue;
    std::int64_t& since = seen.at(static_cast<std::size_t>(*what));
    const std::int64_t placed = line.facts->created_at.micros;
    if (placed > 0) since = since == 0 ? placed : std::min(since, placed);
  }
  for (std::size_t i = 0; i < seen.size(); ++i) oldest.at(i).store(seen.at(i));
}

}  // namespace baedal::mypage
