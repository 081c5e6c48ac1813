// Coroutine machinery on the manual executor: order, waiting, time by hand.
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "kernel/async/manual_executor.hpp"
#include "kernel/async/sync.hpp"

namespace baedal {
namespace {

using namespace std::chrono_literals;

Task<int> answer() { co_return 42; }
Task<int> twice() {
  const int a = co_await answer();
  const int b = co_await answer();
  co_return a + b;
}

TEST(Task, passes_values_up) {
  ManualExecutor executor;
  EXPECT_EQ(executor.run(twice()), 84);
}

TEST(Task, a_task_never_awaited_frees_its_frame_without_running) {
  bool ran = false;
  {
    auto body = [&]() -> Task<void> {
      ran = true;
      co_return;
    };
    const Task<void> task = body();
  }
  EXPECT_FALSE(ran);
}

TEST(ManualExecutor, timers_fire_in_order_of_time) {
  ManualExecutor executor;
  std::vector<int> fired;
  executor.post_after(2ms, [&] { fired.push_back(2); });
  executor.post_after(1ms, [&] { fired.push_back(1); });
  executor.advance(1ms);
  EXPECT_EQ(fired, (std::vector<int>{1}));
  executor.advance(1ms);
  EXPECT_EQ(fired, (std::vector<int>{1, 2}));
}

TEST(Event, resumes_waiters_on_their_executor_when_set_from_another_thread) {
  ManualExecutor executor;
  Event event;
  std::thread::id resumed_on;
  auto waiter = [&]() -> Task<void> {
    co_await event.wait();
    resumed_on = std::this_thread::get_id();
  };
  std::jthread setter([&] { event.set(); });
  executor.run(waiter());
  EXPECT_EQ(resumed_on, std::this_thread::get_id());
}

TEST(TaskGroup, join_waits_for_all) {
  ManualExecutor executor;
  int done = 0;
  auto one = [&](std::chrono::nanoseconds delay) -> Task<void> {
    co_await sleep_for(delay);
    ++done;
  };
  auto all = [&]() -> Task<void> {
    TaskGroup group;
    for (int i = 0; i < 10; ++i) group.spawn(one(i * 1ms));
    co_await group.join();
  };
  executor.run(all());
  EXPECT_EQ(done, 10);
}

}  // namespace
}  // namespace baedal
