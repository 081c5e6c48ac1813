#include "services/mypage/app/waiting_orders.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <optional>
#include <vector>

#include "kernel/async/executor.hpp"
#include "kernel/async/sync.hpp"

namespace baedal::mypage {
namespace {

constexpr std::chrono::seconds kPause{5};
constexpr std::size_t kPageSize = 200;
/// The oldest of one kind may stand behind so many of the other. Beyond that, those say enough.
constexpr std::size_t kOrdersSeen = 200;
/// News of an order come within seconds. One that ended so long ago gets no delivery any more.
constexpr std::chrono::hours kSettled{1};

/// What a line waits for; nothing when it does not wait, or is not told of whole.
std::optional<WaitingFor> waiting_for(const Mypage& line) {
  if (line.delivery_id || !line.facts || line.status != OrderStatus::kOrdered) return std::nullopt;
  return line.payment_status ? WaitingFor::kDelivery : WaitingFor::kPayment;
}

}  // namespace

/// Whether a line without a delivery stays one for ever.
bool is_settled(const Mypage& line, Timestamp now) {
  const bool ended = line.status && line.status != OrderStatus::kOrdered;
  return ended && !line.delivery_id && now - line.updated_at > kSettled;
}

LineListRequest page_without_delivery(std::int64_t page) {
  return {.page = page, .size = kPageSize, .sort = {{LineSort::kDeliveryId, false}}};
}

/// What a look has found so far.
struct Seen {
  /// Micros of the oldest order, by WaitingFor; 0: none.
  std::array<std::int64_t, 2> oldest{};
  std::vector<WaitingOrder> orders;

  void add(const Mypage& line) {
    const auto what = waiting_for(line);
    if (!what) return;
    orders.push_back({line.order, line.facts->menu_name, *what, line.facts->created_at});
    std::int64_t& since = oldest.at(static_cast<std::size_t>(*what));
    const std::int64_t placed = line.facts->created_at.micros;
    if (placed > 0) since = since == 0 ? placed : std::min(since, placed);
  }
  std::shared_ptr<const std::vector<WaitingOrder>> list() && {
    std::ranges::stable_sort(orders, {}, [](const WaitingOrder& one) { return one.placed.micros; });
    if (orders.size() > WaitingOrders::kListMax) orders.resize(WaitingOrders::kListMax);
    return std::make_shared<const std::vector<WaitingOrder>>(std::move(orders));
  }
};

/// Shared with what is posted to the executor, which may run after the watcher is gone.
struct WaitingOrders::State : std::enable_shared_from_this<State> {
  State(const Projection& p, const Clock& c) : projection(p), clock(c) {}

  void arm();
  void wake();
  Task<void> run();
  Task<void> look();
  bool follow_settled(std::int64_t page, const std::vector<Mypage>& lines);
  bool is_stopping();

  const Projection& projection;
  const Clock& clock;
  Executor* executor = nullptr;
  /// Pages of lines that never wait again, which stand before all others; of the look alone.
  std::int64_t settled_pages = 0;
  /// As in Seen; of the last look.
  std::array<std::atomic<std::int64_t>, 2> oldest{};

  std::mutex mutex;  // of the rest
  /// The same, one by one.
  std::shared_ptr<const std::vector<WaitingOrder>> orders =
      std::make_shared<const std::vector<WaitingOrder>>();
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

std::shared_ptr<const std::vector<WaitingOrder>> WaitingOrders::oldest() const {
  const std::lock_guard lock(state_->mutex);
  return state_->orders;
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

bool WaitingOrders::State::is_stopping() {
  const std::lock_guard lock(mutex);
  return stopping;
}

Task<void> WaitingOrders::State::look() {
  const auto live = projection.live();
  Seen seen;
  // The last page that was passed over is looked at again, to find out when the view has changed.
  const std::int64_t known = std::max<std::int64_t>(settled_pages - 1, 0);
  for (LineListRequest request = page_without_delivery(known); !is_stopping(); ++request.page) {
    const auto list = co_await live->list(request);
    if (!list) co_return;  // the store has its own health; what was seen last stays
    for (const Mypage& line : list->lines) seen.add(line);
    const bool settled = follow_settled(request.page, list->lines);
    if (!settled && request.page < settled_pages) {
      settled_pages = 0;
      co_return;  // the next look begins at the first page
    }
    const bool more = list->lines.size() == kPageSize && !list->lines.back().delivery_id;
    if (!more || seen.orders.size() >= kOrdersSeen) break;
  }
  for (std::size_t i = 0; i < oldest.size(); ++i) oldest.at(i).store(seen.oldest.at(i));
  auto list = std::move(seen).list();
  const std::lock_guard lock(mutex);
  orders = std::move(list);
}

/// Whether nothing on that page will ever wait again; remembered while all before it are so too.
bool WaitingOrders::State::follow_settled(std::int64_t page, const std::vector<Mypage>& lines) {
  const auto settled = [now = clock.now()](const Mypage& line) { return is_settled(line, now); };
  if (lines.size() < kPageSize || !std::ranges::all_of(lines, settled)) return false;
  if (page == settled_pages) ++settled_pages;
  return true;
}

}  // namespace baedal::mypage
