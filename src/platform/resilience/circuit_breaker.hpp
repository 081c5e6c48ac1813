#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "kernel/clock.hpp"
#include "kernel/error.hpp"
#include "platform/resilience/call_window.hpp"

namespace baedal::resilience {

/// Names, meaning and defaults are resilience4j's CircuitBreakerConfig.
struct CircuitBreakerOptions {
  bool enabled = true;                    ///< else it begins as DISABLED, and permits every call
  double failure_rate_threshold = 50;     ///< percent; at or above it the breaker opens
  double slow_call_rate_threshold = 100;  ///< percent; at or above it the breaker opens
  std::chrono::milliseconds slow_call_duration_threshold{60'000};  ///< longer ones are slow
  WindowType sliding_window_type = WindowType::kCountBased;
  std::uint32_t sliding_window_size = 100;      ///< calls, or seconds
  std::uint32_t minimum_number_of_calls = 100;  ///< before a rate means anything
  std::chrono::milliseconds wait_duration_in_open_state{60'000};
  std::uint32_t permitted_number_of_calls_in_half_open_state = 10;
  std::chrono::milliseconds max_wait_duration_in_half_open_state{0};  ///< 0: as long as it takes
  /// Half-open as soon as the wait is over, and not only when the next call comes.
  bool automatic_transition_from_open_to_half_open = false;
};

enum class CircuitState { kClosed, kOpen, kHalfOpen, kDisabled, kForcedOpen, kMetricsOnly };
inline constexpr std::array kCircuitStates{CircuitState::kClosed,     CircuitState::kOpen,
                                           CircuitState::kHalfOpen,   CircuitState::kDisabled,
                                           CircuitState::kForcedOpen, CircuitState::kMetricsOnly};

/// "CLOSED", "OPEN", "HALF_OPEN", "DISABLED", "FORCED_OPEN", "METRICS_ONLY"
[[nodiscard]] std::string_view to_string(CircuitState state);

/// What became of a permitted call. An ignored one says nothing about the other side.
enum class CallKind { kSuccessful, kFailed, kIgnored };

/// A breaker as operators see it.
struct CircuitBreakerStats {
  CircuitState state = CircuitState::kClosed;
  double failure_rate = -1;    ///< percent; -1: too few calls
  double slow_call_rate = -1;  ///< percent; -1: too few calls
  CallTotals buffered;         ///< what the window holds
  std::uint64_t not_permitted = 0;
};

/// Keeps callers from a side that fails or is slow: counts the outcomes of calls in a sliding
/// window, refuses calls while open, lets a few through to find out whether it has recovered.
/// A state machine on a clock without threads of its own: what time alone brings about (the end of
/// the open state, of the half-open state) happens at the next look at the breaker. Any thread;
/// nothing is allocated per call.
///   auto permission = breaker.try_acquire();
///   if (!permission) return breaker.refusal();
///   auto answer = …the call…;
///   answer ? permission->succeeded() : permission->failed();
class CircuitBreaker {
 public:
  /// Hears of calls and changes, outside the breaker's lock, on the thread they happened on.
  class Listener {
   public:
    virtual ~Listener() = default;
    virtual void on_call(CallKind kind, std::chrono::nanoseconds duration) = 0;
    virtual void on_transition(CircuitState from, CircuitState to) = 0;
  };

  /// Leave for one call. Without a verdict (the call was never made, or cancelled) its end gives
  /// the leave back. Must not outlive the breaker.
  class Permission {
   public:
    Permission(Permission&& other) noexcept;
    Permission& operator=(Permission&&) = delete;
    ~Permission();
    void succeeded();
    void failed();
    /// Neither: the outcome says nothing about the other side.
    void ignored();

   private:
    friend class CircuitBreaker;
    Permission(CircuitBreaker& breaker, std::uint64_t epoch, CallWindow::TimePoint started)
        : breaker_(&breaker), epoch_(epoch), started_(started) {}
    void finish(std::optional<CallKind> kind);

    CircuitBreaker* breaker_;
    std::uint64_t epoch_;
    CallWindow::TimePoint started_;
  };

  /// `clock` outlives the breaker. Rates and sizes must be positive: a programmer error otherwise.
  CircuitBreaker(std::string name, const CircuitBreakerOptions& options, const Clock& clock);
  CircuitBreaker(const CircuitBreaker&) = delete;
  CircuitBreaker& operator=(const CircuitBreaker&) = delete;

  /// Before the first call; null for none. The listener outlives the breaker's last call.
  void set_listener(Listener* listener) { listener_ = listener; }

  /// nullopt: not permitted, and counted as such.
  [[nodiscard]] std::optional<Permission> try_acquire();
  /// The error of a call that was not permitted: kUnavailable, with how long to wait.
  [[nodiscard]] std::unexpected<Error> refusal() const;

  // By an operator, from and to any state. Each begins with an empty window.
  void transition_to(CircuitState state);
  /// Closed, and as if just made.
  void reset() { transition_to(CircuitState::kClosed); }

  /// Not const: looking lets time pass.
  [[nodiscard]] CircuitBreakerStats stats();
  [[nodiscard]] CircuitState state() { return stats().state; }
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const CircuitBreakerOptions& options() const { return options_; }

 private:
  struct Change {
    CircuitState from;
    CircuitState to;
  };
  using TimePoint = CallWindow::TimePoint;

  std::optional<Change> pass_time(TimePoint now, bool asked);
  Change enter(CircuitState state, TimePoint now);
  bool permits();
  void finish(std::uint64_t epoch, std::optional<CallKind> kind, TimePoint started);
  std::optional<Change> record(CallOutcome outcome, TimePoint now);
  [[nodiscard]] double rate(std::uint32_t part, const CallTotals& totals) const;
  [[nodiscard]] CallWindow& window() { return half_open_counts_ ? half_open_window_ : window_; }
  void tell(const std::optional<Change>& change) const;

  const std::string name_;
  const CircuitBreakerOptions options_;
  const Clock& clock_;
  Listener* listener_ = nullptr;

  mutable std::mutex mutex_;
  CircuitState state_ = CircuitState::kClosed;
  std::uint64_t epoch_ = 0;  ///< counts the states entered: a late result is of an earlier one
  TimePoint entered_;
  CallWindow window_;
  CallWindow half_open_window_;
  bool half_open_counts_ = false;  ///< the rates shown are the half-open ones
  std::uint32_t trials_left_ = 0;
  std::uint64_t not_permitted_ = 0;
};

}  // namespace baedal::resilience
