#include "platform/resilience/settings.hpp"

#include <array>

namespace baedal::resilience {
namespace {

using config::Setting;
using config::Type;

// resilience4j's defaults, but for a system whose callers wait: twenty calls are enough to judge
// by, and the other side is tried again after five seconds, not after a minute.
constexpr std::array kSettings{
    Setting{.name = "circuit-breaker.enabled",
            .type = Type::kBoolean,
            .default_value = "true",
            .description = "Whether circuit breakers open at all; else they are DISABLED."},
    Setting{.name = "circuit-breaker.failure-rate-threshold",
            .type = Type::kInteger,
            .default_value = "50",
            .min = "1",
            .max = "100",
            .unit = "percent",
            .description = "Failed calls at which a circuit breaker opens."},
    Setting{.name = "circuit-breaker.slow-call-rate-threshold",
            .type = Type::kInteger,
            .default_value = "100",
            .min = "1",
            .max = "100",
            .unit = "percent",
            .description = "Slow calls at which a circuit breaker opens."},
    Setting{.name = "circuit-breaker.slow-call-duration-threshold",
            .type = Type::kDuration,
            .default_value = "60s",
            .min = "1ms",
            .max = "1h",
            .description = "A call that takes longer is slow."},
    Setting{
        .name = "circuit-breaker.sliding-window-type",
        .type = Type::kChoice,
        .default_value = "count-based",
        .choices = "count-based|time-based",
        .description = "Whether the window holds the last calls, or those of the last seconds."},
    Setting{.name = "circuit-breaker.sliding-window-size",
            .type = Type::kInteger,
            .default_value = "100",
            .min = "1",
            .max = "10000",
            .unit = "calls or seconds",
            .description = "What a circuit breaker judges by."},
    Setting{.name = "circuit-breaker.minimum-number-of-calls",
            .type = Type::kInteger,
            .default_value = "20",
            .min = "1",
            .max = "10000",
            .unit = "calls",
            .description = "Fewer in the window say nothing."},
    Setting{.name = "circuit-breaker.wait-duration-in-open-state",
            .type = Type::kDuration,
            .default_value = "5s",
            .min = "1ms",
            .max = "1h",
            .description = "How long an open circuit breaker refuses every call."},
    Setting{.name = "circuit-breaker.permitted-number-of-calls-in-half-open-state",
            .type = Type::kInteger,
            .default_value = "10",
            .min = "1",
            .max = "1000",
            .unit = "calls",
            .description = "Calls that find out whether the other side has recovered."},
    Setting{.name = "circuit-breaker.max-wait-duration-in-half-open-state",
            .type = Type::kDuration,
            .default_value = "0ms",
            .min = "0ms",
            .max = "1h",
            .description = "After it a half-open circuit breaker opens again; 0: never."},
    Setting{.name = "circuit-breaker.automatic-transition-from-open-to-half-open",
            .type = Type::kBoolean,
            .default_value = "false",
            .description = "Half-open when the wait is over, without a call that asks."},
};

std::uint32_t number(const config::Settings& settings, std::string_view name) {
  return static_cast<std::uint32_t>(settings.integer(name));
}

}  // namespace

std::span<const Setting> settings() { return kSettings; }

CircuitBreakerOptions circuit_breaker_options(const config::Settings& settings) {
  CircuitBreakerOptions options;
  options.enabled = settings.boolean("circuit-breaker.enabled");
  options.failure_rate_threshold = number(settings, "circuit-breaker.failure-rate-threshold");
  options.slow_call_rate_threshold = number(settings, "circuit-breaker.slow-call-rate-threshold");
  options.slow_call_duration_threshold =
      settings.duration("circuit-breaker.slow-call-duration-threshold");
  options.sliding_window_type =
      settings.choice("circuit-breaker.sliding-window-type") == "time-based"
          ? WindowType::kTimeBased
          : WindowType::kCountBased;
  options.sliding_window_size = number(settings, "circuit-breaker.sliding-window-size");
  options.minimum_number_of_calls = number(settings, "circuit-breaker.minimum-number-of-calls");
  options.wait_duration_in_open_state =
      settings.duration("circuit-breaker.wait-duration-in-open-state");
  options.permitted_number_of_calls_in_half_open_state =
      number(settings, "circuit-breaker.permitted-number-of-calls-in-half-open-state");
  options.max_wait_duration_in_half_open_state =
      settings.duration("circuit-breaker.max-wait-duration-in-half-open-state");
  options.automatic_transition_from_open_to_half_open =
      settings.boolean("circuit-breaker.automatic-transition-from-open-to-half-open");
  return options;
}

}  // namespace baedal::resilience
