// Bulkhead, rate limiter and retry policy, each alone.
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "platform/clock/manual_clock.hpp"
#include "platform/resilience/bulkhead.hpp"
#include "platform/resilience/rate_limiter.hpp"
#include "platform/resilience/retry_policy.hpp"

namespace baedal::resilience {
namespace {

using namespace std::chrono_literals;

TEST(BulkheadTest, a_full_one_refuses_at_once_and_counts_it) {
  Bulkhead bulkhead(2);
  auto first = bulkhead.try_enter();
  {
    const auto second = bulkhead.try_enter();
    EXPECT_TRUE(first && second);
    EXPECT_FALSE(bulkhead.try_enter());
    EXPECT_EQ(bulkhead.refused(), 1U);
    EXPECT_EQ(bulkhead.available(), 0U);
  }
  const auto moved = std::move(*first);
  EXPECT_EQ(bulkhead.available(), 1U);
  EXPECT_TRUE(bulkhead.try_enter());
}

TEST(BulkheadTest, the_default_is_resilience4js) {
  EXPECT_EQ(Bulkhead{}.concurrent_calls_max(), 25U);
}

TEST(RateLimiterTest, a_burst_then_the_rate) {
  ManualClock clock{Timestamp{0}};
  RateLimiter limiter({.replenish_rate = 10, .burst_capacity = 20}, clock);
  for (std::uint32_t left = 20; left-- > 0;) {
    const auto verdict = limiter.try_take("a");
    EXPECT_TRUE(verdict.allowed);
    EXPECT_EQ(verdict.remaining, left);
  }
  EXPECT_FALSE(limiter.try_take("a").allowed);
  clock.advance(99ms);
  EXPECT_FALSE(limiter.try_take("a").allowed);
  clock.advance(1ms);
  EXPECT_TRUE(limiter.try_take("a").allowed);
  EXPECT_FALSE(limiter.try_take("a").allowed);
  clock.advance(1h);
  EXPECT_EQ(limiter.try_take("a").remaining, 19U);
}

TEST(RateLimiterTest, many_small_steps_give_what_one_large_one_gives) {
  ManualClock clock{Timestamp{0}};
  RateLimiter limiter({.replenish_rate = 3, .burst_capacity = 1}, clock);
  EXPECT_TRUE(limiter.try_take("a").allowed);
  int allowed = 0;
  for (int i = 0; i < 1000; ++i) {
    clock.advance(1ms);
    allowed += limiter.try_take("a").allowed ? 1 : 0;
  }
  EXPECT_EQ(allowed, 2);  // at 334 ms and at 668 ms; the third comes at 1,002 ms
}

TEST(RateLimiterTest, a_request_may_cost_several_tokens) {
  ManualClock clock{Timestamp{0}};
  RateLimiter limiter({.replenish_rate = 1, .burst_capacity = 60, .requested_tokens = 60}, clock);
  EXPECT_TRUE(limiter.try_take("a").allowed);
  clock.advance(59s);
  EXPECT_FALSE(limiter.try_take("a").allowed);
  clock.advance(1s);
  EXPECT_TRUE(limiter.try_take("a").allowed);
}

TEST(RateLimiterTest, what_costs_more_than_a_bucket_holds_never_passes) {
  ManualClock clock{Timestamp{0}};
  RateLimiter limiter({.replenish_rate = 1, .burst_capacity = 1, .requested_tokens = 2}, clock);
  clock.advance(1h);
  EXPECT_FALSE(limiter.try_take("a").allowed);
}

TEST(RateLimiterTest, who_is_refused_is_told_exactly_when_the_next_would_pass) {
  ManualClock clock{Timestamp{0}};
  RateLimiter limiter({.replenish_rate = 3, .burst_capacity = 2, .requested_tokens = 2}, clock);
  EXPECT_EQ(limiter.try_take("a").wait, 0ns);
  EXPECT_EQ(limiter.try_take("a").wait, 666'666'667ns);
  clock.advance(666'666us);
  EXPECT_EQ(limiter.try_take("a").wait, 667ns);
  clock.advance(1us);
  EXPECT_TRUE(limiter.try_take("a").allowed);
}

TEST(RateLimiterTest, keys_are_apart_and_bounded) {
  ManualClock clock{Timestamp{0}};
  RateLimiter limiter({.replenish_rate = 1, .burst_capacity = 1, .keys_max = 2}, clock);
  EXPECT_TRUE(limiter.try_take("a").allowed);
  EXPECT_TRUE(limiter.try_take("b").allowed);
  EXPECT_FALSE(limiter.try_take("a").allowed);
  EXPECT_TRUE(limiter.try_take("c").allowed);  // b, unused the longest, is forgotten
  EXPECT_EQ(limiter.keys(), 2U);
  EXPECT_FALSE(limiter.try_take("a").allowed);
  EXPECT_TRUE(limiter.try_take("b").allowed);
}

TEST(RetryPolicyTest, the_defaults_are_resilience4js) {
  const RetryPolicy policy;
  EXPECT_TRUE(policy.may_try_again(2));
  EXPECT_FALSE(policy.may_try_again(3));
  EXPECT_EQ(policy.pause_after(1, 0.9), 500ms);
  EXPECT_EQ(policy.pause_after(2, 0.1), 500ms);
}

TEST(RetryPolicyTest, pauses_grow_up_to_the_longest) {
  RetryPolicy policy{.wait_duration = 100ms, .exponential_backoff_multiplier = 2};
  policy.wait_duration_max = 350ms;
  EXPECT_EQ(policy.pause_after(1, 0), 100ms);
  EXPECT_EQ(policy.pause_after(2, 0), 200ms);
  EXPECT_EQ(policy.pause_after(3, 0), 350ms);
  EXPECT_EQ(policy.pause_after(4'000'000, 0), 350ms);
}

TEST(RetryPolicyTest, jitter_spreads_around_the_pause) {
  RetryPolicy policy{.wait_duration = 100ms};
  policy.randomized_wait_factor = 0.5;
  EXPECT_EQ(policy.pause_after(1, 0), 50ms);
  EXPECT_EQ(policy.pause_after(1, 0.5), 100ms);
  EXPECT_EQ(policy.pause_after(1, 0.75), 125ms);
  policy.wait_duration_max = 100ms;
  EXPECT_EQ(policy.pause_after(1, 0.99), 100ms);
}

}  // namespace
}  // namespace baedal::resilience
