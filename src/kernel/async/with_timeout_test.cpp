// A task against its timer, on the manual executor: time moves by hand, so both orders are exact.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "kernel/async/manual_executor.hpp"
#include "kernel/async/sync.hpp"
#include "kernel/async/with_timeout.hpp"

namespace baedal {
namespace {

using namespace std::chrono_literals;

/// Ends at `delay`, and says so.
Task<std::string> answer_after(std::chrono::nanoseconds delay, int& ended) {
  co_await sleep_for(delay);
  ++ended;
  co_return "answer";
}

struct Watched {
  std::optional<std::optional<std::string>> result;
  std::chrono::nanoseconds at{};
};

Task<void> watch(ManualExecutor& executor, Task<std::string> task, std::chrono::nanoseconds timeout,
                 Watched& out) {
  auto timed = with_timeout(std::move(task), timeout);
  auto result = co_await timed;
  out.result = std::move(result);
  out.at = executor.now();
}

void start(ManualExecutor& executor, Task<void> task) {
  executor.post([t = std::make_shared<Task<void>>(std::move(task))] { spawn(std::move(*t)); });
  executor.run_ready();
}

TEST(WithTimeout, gives_the_result_of_a_task_that_is_in_time) {
  ManualExecutor executor;
  Watched watched;
  int ended = 0;
  start(executor, watch(executor, answer_after(3ms, ended), 5ms, watched));
  EXPECT_FALSE(watched.result);
  executor.advance(10ms);
  ASSERT_TRUE(watched.result);
  EXPECT_EQ(*watched.result, "answer");
  EXPECT_EQ(watched.at, 3ms);
}

TEST(WithTimeout, gives_nothing_when_the_time_is_over_and_lets_the_task_run_to_its_end) {
  ManualExecutor executor;
  Watched watched;
  int ended = 0;
  start(executor, watch(executor, answer_after(8ms, ended), 5ms, watched));
  executor.advance(5ms);
  ASSERT_TRUE(watched.result);
  EXPECT_FALSE(watched.result->has_value());
  EXPECT_EQ(watched.at, 5ms);
  EXPECT_EQ(ended, 0);
  executor.advance(3ms);
  EXPECT_EQ(ended, 1);
}

TEST(WithTimeout, a_task_that_does_not_suspend_is_in_time_even_without_any) {
  ManualExecutor executor;
  Watched watched;
  const auto at_once = []() -> Task<std::string> { co_return "now"; };
  start(executor, watch(executor, at_once(), 0ms, watched));
  ASSERT_TRUE(watched.result);
  EXPECT_EQ(*watched.result, "now");
}

TEST(WithTimeout, the_one_who_comes_first_in_the_same_instant_wins_and_the_other_is_dropped) {
  ManualExecutor executor;
  Watched watched;
  int ended = 0;
  start(executor, watch(executor, answer_after(5ms, ended), 5ms, watched));
  executor.advance(5ms);
  ASSERT_TRUE(watched.result);
  EXPECT_EQ(*watched.result, "answer") << "its timer was set first";
  EXPECT_EQ(ended, 1);
}

TEST(WithTimeout, a_result_that_can_only_be_moved_is_moved) {
  ManualExecutor executor;
  const auto make = []() -> Task<std::unique_ptr<int>> {
    co_await sleep_for(1ms);
    co_return std::make_unique<int>(7);
  };
  auto result = executor.run(with_timeout(make(), 1s));
  ASSERT_TRUE(result);
  EXPECT_EQ(**result, 7);
}

TEST(WithTimeout, what_the_losing_task_owns_lives_until_its_end) {
  ManualExecutor executor;
  std::weak_ptr<int> alive;
  const auto hold = [](std::shared_ptr<int> owned) -> Task<int> {
    co_await sleep_for(8ms);
    co_return *owned;
  };
  auto owned = std::make_shared<int>(1);
  alive = owned;
  const auto result = executor.run(with_timeout(hold(std::move(owned)), 5ms));
  EXPECT_FALSE(result);
  EXPECT_FALSE(alive.expired());
  executor.advance(8ms);
  EXPECT_TRUE(alive.expired());
}

}  // namespace
}  // namespace baedal
