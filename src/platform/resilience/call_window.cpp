#include "platform/resilience/call_window.hpp"

#include <algorithm>

#include "kernel/assert.hpp"

namespace baedal::resilience {
namespace {

void add(CallTotals& sum, const CallTotals& part) {
  sum.calls += part.calls;
  sum.failed += part.failed;
  sum.slow += part.slow;
  sum.slow_failed += part.slow_failed;
}

void subtract(CallTotals& sum, const CallTotals& part) {
  sum.calls -= part.calls;
  sum.failed -= part.failed;
  sum.slow -= part.slow;
  sum.slow_failed -= part.slow_failed;
}

CallTotals one(CallOutcome outcome) {
  return {.calls = 1,
          .failed = outcome.failed ? 1U : 0U,
          .slow = outcome.slow ? 1U : 0U,
          .slow_failed = outcome.failed && outcome.slow ? 1U : 0U};
}

std::int64_t second_of(CallWindow::TimePoint time) {
  return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
}

}  // namespace

CallWindow::CallWindow(WindowType type, std::uint32_t size) : type_(type), slots_(size) {
  BAEDAL_ASSERT(size > 0);
}

void CallWindow::record(CallOutcome outcome, TimePoint now) {
  const CallTotals call = one(outcome);
  if (type_ == WindowType::kCountBased) {
    subtract(totals_, slots_[next_]);
    slots_[next_] = call;
    next_ = (next_ + 1) % slots_.size();
  } else {
    forget_until(second_of(now));
    // A result that comes late belongs to the newest second: time does not go back.
    add(slots_[static_cast<std::size_t>(second_) % slots_.size()], call);
  }
  add(totals_, call);
}

const CallTotals& CallWindow::totals(TimePoint now) {
  if (type_ == WindowType::kTimeBased) forget_until(second_of(now));
  return totals_;
}

void CallWindow::clear() {
  std::ranges::fill(slots_, CallTotals{});
  totals_ = {};
  next_ = 0;
}

void CallWindow::forget_until(std::int64_t second) {
  if (second <= second_) return;
  const auto passed =
      std::min<std::int64_t>(second - second_, static_cast<std::int64_t>(slots_.size()));
  for (std::int64_t i = 0; i < passed; ++i) {
    CallTotals& slot = slots_[static_cast<std::size_t>(second - i) % slots_.size()];
    subtract(totals_, slot);
    slot = {};
  }
  second_ = second;
}

}  // namespace baedal::resilience
