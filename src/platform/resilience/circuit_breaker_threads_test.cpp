// Breaker, bulkhead and limiter under several threads at once: bounds hold, nothing is lost.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "platform/clock/manual_clock.hpp"
#include "platform/resilience/bulkhead.hpp"
#include "platform/resilience/circuit_breaker.hpp"
#include "platform/resilience/rate_limiter.hpp"

namespace baedal::resilience {
namespace {

constexpr int kThreads = 4;
constexpr int kRounds = 5'000;

template <class Work>
void on_all_threads(const Work& work) {
  std::vector<std::jthread> threads;
  for (int i = 0; i < kThreads; ++i) threads.emplace_back([&work, i] { work(i); });
}

TEST(Threads, a_half_open_breaker_never_lets_more_through_than_it_says) {
  ManualClock clock{Timestamp{0}};
  CircuitBreakerOptions options;
  options.permitted_number_of_calls_in_half_open_state = 3;
  CircuitBreaker breaker("x", options, clock);
  breaker.transition_to(CircuitState::kHalfOpen);
  std::atomic<int> inside{0};
  std::atomic<int> most{0};
  on_all_threads([&](int) {
    for (int i = 0; i < kRounds; ++i) {
      const auto permission = breaker.try_acquire();  // always given back
      if (!permission) continue;
      const int now = ++inside;
      int seen = most.load();
      while (now > seen && !most.compare_exchange_weak(seen, now)) {
      }
      --inside;
    }
  });
  EXPECT_LE(most.load(), 3);
  EXPECT_EQ(breaker.state(), CircuitState::kHalfOpen);
  const auto one = breaker.try_acquire();
  const auto two = breaker.try_acquire();
  const auto three = breaker.try_acquire();
  EXPECT_TRUE(one && two && three);
}

TEST(Threads, every_result_is_counted_once) {
  ManualClock clock{Timestamp{0}};
  CircuitBreakerOptions options;
  options.sliding_window_size = kThreads * kRounds;
  CircuitBreaker breaker("x", options, clock);
  breaker.transition_to(CircuitState::kMetricsOnly);
  on_all_threads([&](int thread) {
    for (int i = 0; i < kRounds; ++i) {
      auto permission = breaker.try_acquire();
      thread % 2 == 0 ? permission->failed() : permission->succeeded();
    }
  });
  EXPECT_EQ(breaker.stats().buffered.calls, static_cast<std::uint32_t>(kThreads * kRounds));
  EXPECT_EQ(breaker.stats().failure_rate, 50);
}

TEST(Threads, a_bulkhead_holds_its_bound_and_gives_every_place_back) {
  Bulkhead bulkhead(2);
  std::atomic<int> inside{0};
  std::atomic<bool> too_many{false};
  on_all_threads([&](int) {
    for (int i = 0; i < kRounds; ++i) {
      const auto place = bulkhead.try_enter();
      if (!place) continue;
      if (++inside > 2) too_many = true;
      --inside;
    }
  });
  EXPECT_FALSE(too_many);
  EXPECT_EQ(bulkhead.available(), 2U);
}

TEST(Threads, a_limiter_gives_out_exactly_its_tokens) {
  ManualClock clock{Timestamp{0}};
  RateLimiter limiter({.replenish_rate = 1, .burst_capacity = 1000}, clock);
  std::atomic<int> taken{0};
  on_all_threads([&](int) {
    for (int i = 0; i < kRounds; ++i) {
      if (limiter.try_take("one").allowed) ++taken;
    }
  });
  EXPECT_EQ(taken.load(), 1000);
}

}  // namespace
}  // namespace baedal::resilience
