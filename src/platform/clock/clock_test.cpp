// What every Clock promises, on both adapters, and moving the manual one by hand.
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "platform/clock/manual_clock.hpp"
#include "platform/clock/system_clock.hpp"

namespace baedal {
namespace {

using namespace std::chrono_literals;

void expect_monotonic_never_goes_back(const Clock& clock) {
  auto last = clock.monotonic();
  for (int i = 0; i < 1000; ++i) {
    const auto next = clock.monotonic();
    ASSERT_LE(last, next);
    last = next;
  }
}

TEST(SystemClock, monotonic_time_never_goes_back) {
  expect_monotonic_never_goes_back(SystemClock{});
}

TEST(SystemClock, tells_the_time_of_this_century) {
  const auto year_2020 = Timestamp::parse_iso8601("2020-01-01T00:00:00Z");
  const auto year_2100 = Timestamp::parse_iso8601("2100-01-01T00:00:00Z");
  const Timestamp now = SystemClock{}.now();
  EXPECT_GT(now, *year_2020);
  EXPECT_LT(now, *year_2100);
}

TEST(ManualClock, stands_still_until_it_is_moved) {
  ManualClock clock(Timestamp{1000});
  expect_monotonic_never_goes_back(clock);
  EXPECT_EQ(clock.now(), Timestamp{1000});
}

TEST(ManualClock, advancing_moves_both_times) {
  ManualClock clock(Timestamp{1000});
  const auto before = clock.monotonic();
  clock.advance(5ms);
  EXPECT_EQ(clock.now(), Timestamp{6000});
  EXPECT_EQ(clock.monotonic() - before, 5ms);
}

TEST(ManualClock, setting_the_wall_clock_leaves_monotonic_time_alone) {
  ManualClock clock(Timestamp{1000});
  const auto before = clock.monotonic();
  clock.set(Timestamp{10});
  EXPECT_EQ(clock.now(), Timestamp{10});
  EXPECT_EQ(clock.monotonic(), before);
}

TEST(ManualClock, may_be_moved_by_several_threads) {
  ManualClock clock(Timestamp{0});
  {
    std::vector<std::jthread> movers;
    for (int i = 0; i < 4; ++i) {
      movers.emplace_back([&] {
        for (int step = 0; step < 1000; ++step) clock.advance(1us);
      });
    }
  }
  EXPECT_EQ(clock.now(), Timestamp{4000});
}

}  // namespace
}  // namespace baedal
