// A breaker as metrics and health show it.
#include "platform/resilience/meters.hpp"

#include <gtest/gtest.h>

#include "platform/clock/manual_clock.hpp"
#include "platform/metrics/prometheus.hpp"

namespace baedal::resilience {
namespace {

TEST(BreakerMeters, carry_resilience4js_names) {
  ManualClock clock{Timestamp{0}};
  metrics::Registry registry{clock};
  CircuitBreakerOptions options;
  options.sliding_window_size = options.minimum_number_of_calls = 2;
  CircuitBreaker breaker("delivery", options, clock);
  const CircuitBreakerMeters meters(registry, breaker);
  breaker.try_acquire()->succeeded();
  breaker.try_acquire()->failed();
  EXPECT_FALSE(breaker.try_acquire());
  const std::string text =
      metrics::prometheus_text(registry.collect(), metrics::TextFormat::kPrometheus, {});
  for (const char* line : {
           "resilience4j_circuitbreaker_state{name=\"delivery\",state=\"open\"} 1",
           "resilience4j_circuitbreaker_state{name=\"delivery\",state=\"closed\"} 0",
           "resilience4j_circuitbreaker_calls_seconds_count{kind=\"failed\",name=\"delivery\"} 1",
           "resilience4j_circuitbreaker_calls_seconds_count{kind=\"ignored\",name=\"delivery\"} 0",
           "resilience4j_circuitbreaker_failure_rate{name=\"delivery\"} 50",
           "resilience4j_circuitbreaker_not_permitted_calls_total{kind=\"not_permitted\",name="
           "\"delivery\"} 1",
           "resilience4j_circuitbreaker_buffered_calls{kind=\"failed\",name=\"delivery\"} 1",
       }) {
    EXPECT_NE(text.find(line), std::string::npos) << line << "\n" << text;
  }
}

TEST(BreakerHealth, an_open_breaker_is_told_of_but_does_not_stop_this_process) {
  ManualClock clock{Timestamp{0}};
  CircuitBreaker breaker("delivery", {}, clock);
  breaker.transition_to(CircuitState::kForcedOpen);
  const health::Check check = check_of(breaker);
  EXPECT_TRUE(check.state);
  EXPECT_EQ(*check.details.find("state"), json::Value{"FORCED_OPEN"});
}

}  // namespace
}  // namespace baedal::resilience
