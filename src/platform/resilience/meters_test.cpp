// A breaker as metrics and health show it.
#include "platform/resilience/meters.hpp"
#include "platform/resilience/guards.hpp"

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

class GuardsTest : public testing::Test {
 protected:
  [[nodiscard]] std::string text() const {
    return metrics::prometheus_text(registry_.collect(), metrics::TextFormat::kPrometheus, {});
  }
  ManualClock clock_{Timestamp{0}};
  metrics::Registry registry_{clock_};
  health::HealthRegistry health_;
  Guards guards_{registry_, health_, clock_, {}};
};

TEST_F(GuardsTest, give_the_same_guard_for_the_same_name) {
  const auto orders = guards_.breaker("orders");
  EXPECT_EQ(guards_.breaker("orders"), orders);
  EXPECT_NE(guards_.breaker("menus"), orders);
  EXPECT_NE(text().find("name=\"orders\""), std::string::npos);
  const auto limiter = guards_.rate_limiter("a", {.replenish_rate = 1});
  EXPECT_EQ(guards_.rate_limiter("a", {.replenish_rate = 1}), limiter);
  EXPECT_NE(guards_.rate_limiter("a", {.replenish_rate = 2}), limiter);
  EXPECT_NE(guards_.rate_limiter("b", {.replenish_rate = 1}), limiter);
}

TEST_F(GuardsTest, show_what_others_own_and_keep_its_name) {
  CircuitBreaker owned("delivery", {}, clock_);
  guards_.show(owned);
  EXPECT_EQ(guards_.breaker("delivery")->name(), "route-delivery");
  EXPECT_EQ(guards_.breaker("delivery"), guards_.breaker("delivery"));
  const Bulkhead bulkhead{7};
  guards_.show("delivery", bulkhead);
  EXPECT_NE(text().find("resilience4j_bulkhead_available_concurrent_calls{name=\"delivery\"} 7"),
            std::string::npos)
      << text();
  std::string components;
  for (const health::Component& component : health_.overall().components) {
    components += component.name + " ";
  }
  EXPECT_NE(components.find("deliveryBreaker route-deliveryBreaker deliveryBulkhead"),
            std::string::npos)
      << components;
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
