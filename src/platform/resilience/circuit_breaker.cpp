#include "platform/resilience/circuit_breaker.hpp"

#include <algorithm>
#include <utility>

#include "kernel/assert.hpp"

namespace baedal::resilience {

std::string_view to_string(CircuitState state) {
  switch (state) {
    case CircuitState::kClosed:
      return "CLOSED";
    case CircuitState::kOpen:
      return "OPEN";
    case CircuitState::kHalfOpen:
      return "HALF_OPEN";
    case CircuitState::kDisabled:
      return "DISABLED";
    case CircuitState::kForcedOpen:
      return "FORCED_OPEN";
    case CircuitState::kMetricsOnly:
      return "METRICS_ONLY";
  }
  return "";
}

CircuitBreaker::Permission::Permission(Permission&& other) noexcept
    : breaker_(std::exchange(other.breaker_, nullptr)),
      epoch_(other.epoch_),
      started_(other.started_) {}

CircuitBreaker::Permission::~Permission() { finish(std::nullopt); }
void CircuitBreaker::Permission::succeeded() { finish(CallKind::kSuccessful); }
void CircuitBreaker::Permission::failed() { finish(CallKind::kFailed); }
void CircuitBreaker::Permission::ignored() { finish(CallKind::kIgnored); }

void CircuitBreaker::Permission::finish(std::optional<CallKind> kind) {
  // The first verdict counts.
  if (auto* breaker = std::exchange(breaker_, nullptr)) breaker->finish(epoch_, kind, started_);
}

CircuitBreaker::CircuitBreaker(std::string name, const CircuitBreakerOptions& options,
                               const Clock& clock)
    : name_(std::move(name)),
      options_(options),
      clock_(clock),
      state_(options.enabled ? CircuitState::kClosed : CircuitState::kDisabled),
      entered_(clock.monotonic()),
      window_(options.sliding_window_type, options.sliding_window_size),
      half_open_window_(WindowType::kCountBased,
                        options.permitted_number_of_calls_in_half_open_state) {
  BAEDAL_ASSERT(options.failure_rate_threshold > 0 && options.slow_call_rate_threshold > 0);
  BAEDAL_ASSERT(options.minimum_number_of_calls > 0);
}

std::optional<CircuitBreaker::Permission> CircuitBreaker::try_acquire() {
  const TimePoint now = clock_.monotonic();
  std::optional<Change> change;
  std::optional<Permission> permission;
  {
    const std::lock_guard lock(mutex_);
    change = pass_time(now, true);
    if (permits()) {
      permission.emplace(Permission{*this, epoch_, now});
    } else {
      ++not_permitted_;
    }
  }
  tell(change);
  return permission;
}

/// What time alone brings about. `asked`: a call wants to be made.
std::optional<CircuitBreaker::Change> CircuitBreaker::pass_time(TimePoint now, bool asked) {
  const auto spent = now - entered_;
  if (state_ == CircuitState::kOpen && spent >= options_.wait_duration_in_open_state &&
      (asked || options_.automatic_transition_from_open_to_half_open)) {
    return enter(CircuitState::kHalfOpen, now);
  }
  const auto patience = options_.max_wait_duration_in_half_open_state;
  if (state_ == CircuitState::kHalfOpen && patience.count() > 0 && spent >= patience) {
    return enter(CircuitState::kOpen, now);
  }
  return std::nullopt;
}

CircuitBreaker::Change CircuitBreaker::enter(CircuitState state, TimePoint now) {
  const Change change{state_, state};
  state_ = state;
  ++epoch_;
  entered_ = now;
  if (state == CircuitState::kHalfOpen) {
    trials_left_ = options_.permitted_number_of_calls_in_half_open_state;
    half_open_window_.clear();
    half_open_counts_ = true;
  } else if (state != CircuitState::kOpen) {
    // An open breaker goes on showing the rates that opened it.
    window_.clear();
    half_open_counts_ = false;
  }
  return change;
}

bool CircuitBreaker::permits() {
  switch (state_) {
    case CircuitState::kClosed:
    case CircuitState::kDisabled:
    case CircuitState::kMetricsOnly:
      return true;
    case CircuitState::kOpen:
    case CircuitState::kForcedOpen:
      return false;
    case CircuitState::kHalfOpen:
      if (trials_left_ == 0) return false;
      --trials_left_;
      return true;
  }
  return false;
}

void CircuitBreaker::finish(std::uint64_t epoch, std::optional<CallKind> kind, TimePoint started) {
  const TimePoint now = clock_.monotonic();
  const auto took = now - started;
  std::optional<Change> change;
  {
    const std::lock_guard lock(mutex_);
    change = pass_time(now, false);
    // The result of a call begun in an earlier state says nothing about the present one.
    if (epoch == epoch_) {
      if (!kind || *kind == CallKind::kIgnored) {
        if (state_ == CircuitState::kHalfOpen) ++trials_left_;
      } else {
        const auto decided = record({.failed = *kind == CallKind::kFailed,
                                     .slow = took > options_.slow_call_duration_threshold},
                                    now);
        if (decided) change = decided;
      }
    }
  }
  if (kind && listener_ != nullptr) listener_->on_call(*kind, took);
  tell(change);
}

std::optional<CircuitBreaker::Change> CircuitBreaker::record(CallOutcome outcome, TimePoint now) {
  if (state_ == CircuitState::kDisabled || state_ == CircuitState::kForcedOpen) return {};
  window().record(outcome, now);
  if (state_ == CircuitState::kMetricsOnly || state_ == CircuitState::kOpen) return {};
  const CallTotals& totals = window().totals(now);
  const double failure_rate = rate(totals.failed, totals);
  if (failure_rate < 0) return {};
  const bool bad = failure_rate >= options_.failure_rate_threshold ||
                   rate(totals.slow, totals) >= options_.slow_call_rate_threshold;
  if (bad) return enter(CircuitState::kOpen, now);
  if (state_ == CircuitState::kHalfOpen) return enter(CircuitState::kClosed, now);
  return {};
}

double CircuitBreaker::rate(std::uint32_t part, const CallTotals& totals) const {
  std::uint32_t enough = options_.minimum_number_of_calls;
  // A count window never holds more than its size.
  if (half_open_counts_) {
    enough = std::min(enough, options_.permitted_number_of_calls_in_half_open_state);
  } else if (options_.sliding_window_type == WindowType::kCountBased) {
    enough = std::min(enough, options_.sliding_window_size);
  }
  return totals.calls < enough ? -1.0 : 100.0 * part / totals.calls;
}

std::unexpected<Error> CircuitBreaker::refusal() const {
  const TimePoint now = clock_.monotonic();
  auto left = std::chrono::nanoseconds{0};
  std::string_view state;
  {
    const std::lock_guard lock(mutex_);
    state = to_string(state_);
    if (state_ == CircuitState::kOpen) {
      left = entered_ + options_.wait_duration_in_open_state - now;
    }
  }
  Error error{ErrorKind::kUnavailable, "circuit-open",
              "CircuitBreaker '" + name_ + "' is " + std::string{state} +
                  " and does not permit further calls"};
  error.retry_after =
      std::max(std::chrono::ceil<std::chrono::seconds>(left), std::chrono::seconds{1});
  return std::unexpected(std::move(error));
}

void CircuitBreaker::transition_to(CircuitState state) {
  std::optional<Change> change;
  {
    const std::lock_guard lock(mutex_);
    change = enter(state, clock_.monotonic());
    if (state == CircuitState::kOpen) {
      window_.clear();
      half_open_counts_ = false;
    }
  }
  tell(change);
}

CircuitBreakerStats CircuitBreaker::stats() {
  const TimePoint now = clock_.monotonic();
  CircuitBreakerStats stats;
  std::optional<Change> change;
  {
    const std::lock_guard lock(mutex_);
    change = pass_time(now, false);
    stats.state = state_;
    stats.buffered = window().totals(now);
    stats.failure_rate = rate(stats.buffered.failed, stats.buffered);
    stats.slow_call_rate = rate(stats.buffered.slow, stats.buffered);
    stats.not_permitted = not_permitted_;
  }
  tell(change);
  return stats;
}

void CircuitBreaker::tell(const std::optional<Change>& change) const {
  if (change && listener_ != nullptr && change->from != change->to) {
    listener_->on_transition(change->from, change->to);
  }
}

}  // namespace baedal::resilience
