#pragma once

#include <array>
#include <vector>

#include "platform/health/health.hpp"
#include "platform/metrics/registry.hpp"
#include "platform/resilience/circuit_breaker.hpp"

namespace baedal::resilience {

/// Makes a breaker visible under resilience4j's metric names (resilience4j.circuitbreaker.state,
/// .calls, .not.permitted.calls, .buffered.calls, .slow.calls, .failure.rate, .slow.call.rate), and
/// its changes in the log. Lives as long as the breaker is used; ends before it.
class CircuitBreakerMeters final : public CircuitBreaker::Listener {
 public:
  CircuitBreakerMeters(metrics::Registry& registry, CircuitBreaker& breaker);

  void on_call(CallKind kind, std::chrono::nanoseconds duration) override;
  void on_transition(CircuitState from, CircuitState to) override;

 private:
  void add_states();
  void add_rates();
  void add_calls();

  metrics::Registry& registry_;
  CircuitBreaker& breaker_;
  std::array<metrics::Timer*, 3> calls_{};  ///< by CallKind
  std::vector<metrics::Registration> registrations_;
};

/// A breaker as a health indicator. Never DOWN: that another service fails is no reason to take
/// this process out of service; what is the matter is in the details.
[[nodiscard]] health::Check check_of(CircuitBreaker& breaker);

}  // namespace baedal::resilience
