// Who watches an order hears that it changed, never late and never of another's.
#include "services/mypage/app/line_watchers.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include "kernel/async/manual_executor.hpp"

namespace baedal::mypage {
namespace {

using namespace std::chrono_literals;

class LineWatchersTest : public ::testing::Test {
 protected:
  /// nullptr: refused.
  std::unique_ptr<LineWatchers::Watch> follow(OrderId order) {
    auto entered = watchers_.watch(order, "somebody");
    return entered ? std::move(*entered) : nullptr;
  }
  void change(std::int64_t order) {
    const std::vector<Change> changes{{.order = OrderId{order}}};
    watchers_.changed(changes);
  }
  /// What `watch` is told without any time passing; nothing: it waits.
  std::optional<News> told(LineWatchers::Watch& watch) {
    struct Listener {
      static Task<void> listen(LineWatchers::Watch& on,
                               std::shared_ptr<std::optional<News>> heard) {
        auto waiting = on.next();
        *heard = co_await waiting;
      }
    };
    auto heard = std::make_shared<std::optional<News>>();
    executor_.post([&watch, heard] { spawn(Listener::listen(watch, heard)); });
    executor_.run_ready();
    if (*heard) return *heard;
    // Nobody may be left waiting on it when it goes.
    watch.cancel();
    executor_.run_ready();
    return std::nullopt;
  }

  ManualExecutor executor_;
  LineWatchers watchers_{WatchLimits{.all = 3, .of_client = 3}};
};

TEST_F(LineWatchersTest, only_those_of_the_changed_order_are_woken) {
  const auto first = follow(OrderId{1});
  const auto second = follow(OrderId{1});
  const auto other = follow(OrderId{2});
  change(1);
  EXPECT_TRUE(told(*first)->changed);
  EXPECT_TRUE(told(*second)->changed);
  EXPECT_EQ(told(*other), std::nullopt);
}

TEST_F(LineWatchersTest, changes_that_came_while_nobody_waited_are_one_news) {
  const auto watch = follow(OrderId{1});
  change(1);
  change(1);
  EXPECT_TRUE(told(*watch)->changed);
  EXPECT_EQ(told(*watch), std::nullopt);
}

TEST_F(LineWatchersTest, more_than_may_be_are_not_taken_until_one_has_left) {
  auto first = follow(OrderId{1});
  const auto second = follow(OrderId{1});
  const auto third = follow(OrderId{2});
  EXPECT_EQ(follow(OrderId{3}), nullptr);
  EXPECT_EQ(watchers_.watching(), 3U);
  first.reset();
  EXPECT_EQ(watchers_.watching(), 2U);
  EXPECT_NE(follow(OrderId{3}), nullptr);
  EXPECT_EQ(watchers_.watching(), 2U) << "the one refused, and the one let go, are not counted";
}

TEST(LineWatchersOfClientTest, one_client_has_as_many_as_it_may_and_no_others_place) {
  LineWatchers watchers{WatchLimits{.all = 4, .of_client = 2}};
  auto first = watchers.watch(OrderId{1}, "kim");
  const auto second = watchers.watch(OrderId{1}, "kim");
  ASSERT_TRUE(first && second);
  EXPECT_EQ(watchers.watch(OrderId{2}, "kim").error(), WatchRefusal::kFullOfClient);
  const auto other = watchers.watch(OrderId{1}, "lee");
  ASSERT_TRUE(other);
  first->reset();
  const auto again = watchers.watch(OrderId{2}, "kim");
  EXPECT_TRUE(again);
  const auto last = watchers.watch(OrderId{2}, "lee");
  EXPECT_TRUE(last);
  EXPECT_EQ(watchers.watch(OrderId{2}, "han").error(), WatchRefusal::kFull);
}

TEST_F(LineWatchersTest, everyone_is_woken_now_and_then) {
  const auto watch = follow(OrderId{1});
  executor_.post([&] { watchers_.start(); });
  executor_.run_ready();
  executor_.advance(16s);
  const auto beat = told(*watch);
  ASSERT_TRUE(beat);
  EXPECT_TRUE(beat->beat);
  EXPECT_FALSE(beat->changed);
}

TEST_F(LineWatchersTest, after_the_end_nobody_waits_and_nobody_begins) {
  const auto watch = follow(OrderId{1});
  watchers_.end();
  EXPECT_TRUE(told(*watch)->over);
  EXPECT_TRUE(told(*watch)->over) << "and it stays so";
  EXPECT_EQ(follow(OrderId{2}), nullptr);
}

}  // namespace
}  // namespace baedal::mypage
