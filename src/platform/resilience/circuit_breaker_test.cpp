// Every state of the breaker against every event, on a clock moved by hand; then the windows and
// the thresholds, each at its edge.
#include "platform/resilience/circuit_breaker.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "platform/clock/manual_clock.hpp"

namespace baedal::resilience {
namespace {

using namespace std::chrono_literals;
using enum CircuitState;

CircuitBreakerOptions small() {
  CircuitBreakerOptions options;
  options.sliding_window_size = 4;
  options.minimum_number_of_calls = 4;
  options.slow_call_duration_threshold = 100ms;
  options.wait_duration_in_open_state = 10s;
  options.permitted_number_of_calls_in_half_open_state = 2;
  return options;
}

class BreakerTest : public testing::Test, protected CircuitBreaker::Listener {
 protected:
  void make(const CircuitBreakerOptions& options) {
    breaker_ = std::make_unique<CircuitBreaker>("delivery", options, clock_);
    breaker_->set_listener(this);
  }

  /// One whole call; whether it was permitted.
  bool call(bool fails, std::chrono::milliseconds took = 0ms) {
    auto permission = breaker_->try_acquire();
    clock_.advance(took);
    if (!permission) return false;
    fails ? permission->failed() : permission->succeeded();
    return true;
  }
  void calls(const std::string& outcomes) {
    for (const char c : outcomes) EXPECT_TRUE(call(c == 'f')) << outcomes;
  }
  /// Brings a fresh breaker into that state by what really leads there.
  void reach(CircuitState state) {
    make(small());
    if (state == kOpen || state == kHalfOpen) calls("ffff");
    if (state == kHalfOpen) {
      clock_.advance(10s);
      auto trial = breaker_->try_acquire();  // given back unused
    }
    if (state == kDisabled || state == kForcedOpen || state == kMetricsOnly) {
      breaker_->transition_to(state);
    }
    changes_.clear();
    ASSERT_EQ(breaker_->state(), state);
  }

  void on_call(CallKind kind, std::chrono::nanoseconds) override { kinds_.push_back(kind); }
  void on_transition(CircuitState from, CircuitState to) override {
    changes_.push_back(std::string{to_string(from)} + ">" + std::string{to_string(to)});
  }

  ManualClock clock_{Timestamp{0}};
  std::unique_ptr<CircuitBreaker> breaker_;
  std::vector<std::string> changes_;
  std::vector<CallKind> kinds_;
};

TEST_F(BreakerTest, the_defaults_are_resilience4js) {
  const CircuitBreakerOptions options;
  EXPECT_EQ(options.failure_rate_threshold, 50);
  EXPECT_EQ(options.slow_call_rate_threshold, 100);
  EXPECT_EQ(options.slow_call_duration_threshold, 60s);
  EXPECT_EQ(options.sliding_window_type, WindowType::kCountBased);
  EXPECT_EQ(options.sliding_window_size, 100U);
  EXPECT_EQ(options.minimum_number_of_calls, 100U);
  EXPECT_EQ(options.wait_duration_in_open_state, 60s);
  EXPECT_EQ(options.permitted_number_of_calls_in_half_open_state, 10U);
  EXPECT_EQ(options.max_wait_duration_in_half_open_state, 0s);
  EXPECT_FALSE(options.automatic_transition_from_open_to_half_open);
}

enum class Happens { kSuccesses, kFailures, kSlow, kIgnored, kGivenBack, kWait, kWaitAndCall };

struct Row {
  CircuitState before;
  Happens happens;
  CircuitState after;
  bool permitted;  ///< the first call the event makes
};

constexpr Row kRows[] = {{kClosed, Happens::kSuccesses, kClosed, true},
                         {kClosed, Happens::kFailures, kOpen, true},
                         {kClosed, Happens::kSlow, kOpen, true},
                         {kClosed, Happens::kIgnored, kClosed, true},
                         {kClosed, Happens::kGivenBack, kClosed, true},
                         {kClosed, Happens::kWait, kClosed, true},
                         {kClosed, Happens::kWaitAndCall, kClosed, true},
                         {kOpen, Happens::kSuccesses, kOpen, false},
                         {kOpen, Happens::kFailures, kOpen, false},
                         {kOpen, Happens::kSlow, kOpen, false},
                         {kOpen, Happens::kIgnored, kOpen, false},
                         {kOpen, Happens::kGivenBack, kOpen, false},
                         {kOpen, Happens::kWait, kOpen, true},
                         {kOpen, Happens::kWaitAndCall, kHalfOpen, true},
                         {kHalfOpen, Happens::kSuccesses, kClosed, true},
                         {kHalfOpen, Happens::kFailures, kOpen, true},
                         {kHalfOpen, Happens::kSlow, kOpen, true},
                         {kHalfOpen, Happens::kIgnored, kHalfOpen, true},
                         {kHalfOpen, Happens::kGivenBack, kHalfOpen, true},
                         {kHalfOpen, Happens::kWait, kHalfOpen, true},
                         {kHalfOpen, Happens::kWaitAndCall, kHalfOpen, true},
                         {kDisabled, Happens::kSuccesses, kDisabled, true},
                         {kDisabled, Happens::kFailures, kDisabled, true},
                         {kDisabled, Happens::kSlow, kDisabled, true},
                         {kDisabled, Happens::kIgnored, kDisabled, true},
                         {kDisabled, Happens::kGivenBack, kDisabled, true},
                         {kDisabled, Happens::kWait, kDisabled, true},
                         {kDisabled, Happens::kWaitAndCall, kDisabled, true},
                         {kForcedOpen, Happens::kSuccesses, kForcedOpen, false},
                         {kForcedOpen, Happens::kFailures, kForcedOpen, false},
                         {kForcedOpen, Happens::kSlow, kForcedOpen, false},
                         {kForcedOpen, Happens::kIgnored, kForcedOpen, false},
                         {kForcedOpen, Happens::kGivenBack, kForcedOpen, false},
                         {kForcedOpen, Happens::kWait, kForcedOpen, false},
                         {kForcedOpen, Happens::kWaitAndCall, kForcedOpen, false},
                         {kMetricsOnly, Happens::kSuccesses, kMetricsOnly, true},
                         {kMetricsOnly, Happens::kFailures, kMetricsOnly, true},
                         {kMetricsOnly, Happens::kSlow, kMetricsOnly, true},
                         {kMetricsOnly, Happens::kIgnored, kMetricsOnly, true},
                         {kMetricsOnly, Happens::kGivenBack, kMetricsOnly, true},
                         {kMetricsOnly, Happens::kWait, kMetricsOnly, true},
                         {kMetricsOnly, Happens::kWaitAndCall, kMetricsOnly, true}};

TEST_F(BreakerTest, every_state_answers_every_event) {
  for (const Row& row : kRows) {
    SCOPED_TRACE(std::string{to_string(row.before)} + " event " +
                 std::to_string(static_cast<int>(row.happens)));
    reach(row.before);
    bool permitted = row.permitted;
    // As many as a half-open breaker takes; a closed one needs four.
    const int repeats = row.before == kHalfOpen ? 2 : 4;
    for (int i = 0; i < repeats; ++i) {
      bool now = permitted;
      switch (row.happens) {
        case Happens::kSuccesses:
          now = call(false);
          break;
        case Happens::kFailures:
          now = call(true);
          break;
        case Happens::kSlow:
          now = call(false, 101ms);
          break;
        case Happens::kIgnored:
          if (auto permission = breaker_->try_acquire()) {
            permission->ignored();
          } else {
            now = false;
          }
          break;
        case Happens::kGivenBack:
          now = breaker_->try_acquire().has_value();
          break;
        case Happens::kWait:
          clock_.advance(10s);
          break;
        case Happens::kWaitAndCall:
          if (i == 0) clock_.advance(10s);
          now = breaker_->try_acquire().has_value();
          break;
      }
      if (i == 0) permitted = now;
    }
    EXPECT_EQ(permitted, row.permitted);
    EXPECT_EQ(breaker_->state(), row.after);
    EXPECT_EQ(changes_.empty(), row.before == row.after);
  }
}

TEST_F(BreakerTest, an_operator_moves_it_from_any_state_to_any) {
  for (const CircuitState from : kCircuitStates) {
    for (const CircuitState to : kCircuitStates) {
      reach(from);
      breaker_->transition_to(to);
      EXPECT_EQ(breaker_->state(), to) << to_string(from);
      EXPECT_EQ(breaker_->stats().buffered.calls, 0U) << to_string(from) << to_string(to);
      EXPECT_EQ(changes_.size(), from == to ? 0U : 1U);
    }
  }
}

TEST_F(BreakerTest, opens_at_the_threshold_and_not_below_it) {
  make(small());
  calls("fsss");
  EXPECT_EQ(breaker_->stats().failure_rate, 25);
  EXPECT_EQ(breaker_->state(), kClosed);
  calls("ssf");  // the first f has left the window
  EXPECT_EQ(breaker_->stats().failure_rate, 25);
  calls("f");
  EXPECT_EQ(breaker_->state(), kOpen);
  EXPECT_EQ(breaker_->stats().failure_rate, 50);
  EXPECT_EQ(changes_, std::vector<std::string>{"CLOSED>OPEN"});
}

TEST_F(BreakerTest, too_few_calls_have_no_rate) {
  make(small());
  calls("fff");
  EXPECT_EQ(breaker_->stats().failure_rate, -1);
  EXPECT_EQ(breaker_->stats().slow_call_rate, -1);
  EXPECT_EQ(breaker_->state(), kClosed);
}

TEST_F(BreakerTest, a_minimum_above_the_window_means_a_full_window) {
  CircuitBreakerOptions options = small();
  options.minimum_number_of_calls = 1000;
  make(options);
  calls("ffff");
  EXPECT_EQ(breaker_->state(), kOpen);
}

TEST_F(BreakerTest, slow_means_longer_than_the_threshold) {
  make(small());
  EXPECT_TRUE(call(false, 100ms));
  EXPECT_EQ(breaker_->stats().buffered.slow, 0U);
  EXPECT_TRUE(call(true, 101ms));
  EXPECT_EQ(breaker_->stats().buffered.slow, 1U);
  EXPECT_EQ(breaker_->stats().buffered.slow_failed, 1U);
}

TEST_F(BreakerTest, a_refused_call_is_counted_and_told_how_long_to_wait) {
  reach(kOpen);
  clock_.advance(2500ms);
  EXPECT_FALSE(breaker_->try_acquire());
  EXPECT_EQ(breaker_->stats().not_permitted, 1U);
  const Error error = breaker_->refusal().error();
  EXPECT_EQ(error.kind, ErrorKind::kUnavailable);
  EXPECT_EQ(error.retry_after, 8s);
  EXPECT_EQ(error.detail, "CircuitBreaker 'delivery' is OPEN and does not permit further calls");
}

TEST_F(BreakerTest, opens_for_the_whole_wait_and_not_less) {
  reach(kOpen);
  clock_.advance(10s - 1us);
  EXPECT_FALSE(breaker_->try_acquire());
  clock_.advance(1us);
  EXPECT_EQ(breaker_->state(), kOpen);  // nobody has asked
  EXPECT_TRUE(breaker_->try_acquire());
  EXPECT_EQ(breaker_->state(), kHalfOpen);
}

TEST_F(BreakerTest, goes_half_open_by_itself_when_told_to) {
  CircuitBreakerOptions options = small();
  options.automatic_transition_from_open_to_half_open = true;
  make(options);
  calls("ffff");
  clock_.advance(10s);
  EXPECT_EQ(breaker_->state(), kHalfOpen);
}

TEST_F(BreakerTest, half_open_lets_only_so_many_through) {
  reach(kHalfOpen);
  auto first = breaker_->try_acquire();
  auto second = breaker_->try_acquire();
  EXPECT_TRUE(first && second);
  EXPECT_FALSE(breaker_->try_acquire());
  first->succeeded();
  EXPECT_FALSE(breaker_->try_acquire());  // decided only when both have come back
  second->succeeded();
  EXPECT_EQ(breaker_->state(), kClosed);
  EXPECT_EQ(breaker_->stats().buffered.calls, 0U);
}

TEST_F(BreakerTest, half_open_gives_up_after_its_longest_wait) {
  CircuitBreakerOptions options = small();
  options.max_wait_duration_in_half_open_state = 3s;
  make(options);
  calls("ffff");
  clock_.advance(10s);
  auto lost = breaker_->try_acquire();
  clock_.advance(3s);
  EXPECT_EQ(breaker_->state(), kOpen);
  lost->succeeded();  // too late to say anything
  EXPECT_EQ(breaker_->state(), kOpen);
}

TEST_F(BreakerTest, a_result_from_an_earlier_state_is_not_counted) {
  make(small());
  auto old = breaker_->try_acquire();
  calls("ffff");
  clock_.advance(10s);
  auto trial = breaker_->try_acquire();
  old->failed();
  EXPECT_EQ(breaker_->stats().buffered.calls, 0U);
  EXPECT_EQ(breaker_->state(), kHalfOpen);
  EXPECT_EQ(kinds_.size(), 5U);  // but it was a call
}

TEST_F(BreakerTest, the_first_verdict_counts) {
  make(small());
  auto permission = breaker_->try_acquire();
  permission->succeeded();
  permission->failed();
  EXPECT_EQ(breaker_->stats().buffered.failed, 0U);
  EXPECT_EQ(kinds_, std::vector<CallKind>{CallKind::kSuccessful});
}

TEST_F(BreakerTest, a_time_window_forgets_what_is_older) {
  CircuitBreakerOptions options = small();
  options.sliding_window_type = WindowType::kTimeBased;
  options.sliding_window_size = 5;
  options.minimum_number_of_calls = 3;
  make(options);
  calls("f");
  clock_.advance(1s);
  calls("s");
  EXPECT_EQ(breaker_->stats().buffered.calls, 2U);
  clock_.advance(3s);
  EXPECT_EQ(breaker_->stats().buffered.failed, 1U);
  clock_.advance(1s);  // the first second has left
  EXPECT_EQ(breaker_->stats().buffered.failed, 0U);
  EXPECT_EQ(breaker_->stats().buffered.calls, 1U);
  clock_.advance(1h);
  EXPECT_EQ(breaker_->stats().buffered.calls, 0U);
  calls("ffs");
  EXPECT_EQ(breaker_->state(), kOpen);
}

TEST_F(BreakerTest, a_window_agrees_with_counting_by_hand) {
  CallWindow window(WindowType::kCountBased, 7);
  std::vector<CallOutcome> all;
  std::uint32_t noise = 12345;
  for (int i = 0; i < 500; ++i) {
    noise = noise * 1664525 + 1013904223;
    const CallOutcome outcome{(noise >> 16U) % 3 == 0, (noise >> 20U) % 2 == 0};
    all.push_back(outcome);
    window.record(outcome, {});
    CallTotals expected;
    for (std::size_t j = all.size() > 7 ? all.size() - 7 : 0; j < all.size(); ++j) {
      ++expected.calls;
      expected.failed += all[j].failed ? 1 : 0;
      expected.slow += all[j].slow ? 1 : 0;
      expected.slow_failed += all[j].failed && all[j].slow ? 1 : 0;
    }
    const CallTotals& totals = window.totals({});
    ASSERT_EQ(totals.calls, expected.calls);
    ASSERT_EQ(totals.failed, expected.failed);
    ASSERT_EQ(totals.slow, expected.slow);
    ASSERT_EQ(totals.slow_failed, expected.slow_failed);
  }
}

TEST(CircuitBreaker, that_is_not_enabled_permits_everything) {
  ManualClock clock{Timestamp{0}};
  CircuitBreakerOptions options;
  options.enabled = false;
  options.sliding_window_size = options.minimum_number_of_calls = 2;
  CircuitBreaker breaker("b", options, clock);
  for (int i = 0; i < 10; ++i) breaker.try_acquire()->failed();
  EXPECT_EQ(breaker.state(), CircuitState::kDisabled);
}

}  // namespace
}  // namespace baedal::resilience
