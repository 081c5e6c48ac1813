// The context of a task: who has it, who has not, and when it ends.
#include "kernel/async/task_context.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "kernel/async/manual_executor.hpp"
#include "kernel/async/sync.hpp"
#include "kernel/async/with_timeout.hpp"

namespace baedal {
namespace {

using namespace std::chrono_literals;

class Name final : public TaskContext::Data {
 public:
  explicit Name(int given) : value(given) { ++alive; }
  ~Name() override { --alive; }
  const int value;
  static inline std::atomic<int> alive{0};
};

TaskContext named(int value) { return TaskContext{new Name(value)}; }

/// 0: none.
int present() {
  const auto* name = static_cast<const Name*>(TaskContext::current_data());
  return name == nullptr ? 0 : name->value;
}

Task<void> sleep_and_see(std::vector<int>& seen) {
  co_await sleep_for(1ms);
  seen.push_back(present());
}

TEST(TaskContext, a_task_that_waited_has_its_own_again) {
  ManualExecutor executor;
  std::vector<int> seen;
  auto work = [&](int name) -> Task<void> {
    const TaskContext::Scope scope(named(name));
    seen.push_back(present());
    co_await sleep_for(1ms);
    seen.push_back(present());
    co_await yield();
    seen.push_back(present());
  };
  auto both = [&]() -> Task<void> {
    TaskGroup group;
    group.spawn(work(1));
    group.spawn(work(2));
    EXPECT_EQ(present(), 0);
    co_await group.join();
    EXPECT_EQ(present(), 0);
  };
  executor.run(both());
  EXPECT_EQ(seen, (std::vector<int>{1, 2, 1, 1, 2, 2}));
  EXPECT_EQ(present(), 0);
  EXPECT_EQ(Name::alive, 0);
}

TEST(TaskContext, what_is_awaited_and_what_is_spawned_has_it_too) {
  ManualExecutor executor;
  std::vector<int> seen;
  auto work = [&]() -> Task<void> {
    {
      const TaskContext::Scope scope(named(7));
      spawn(sleep_and_see(seen));
      co_await sleep_and_see(seen);
      EXPECT_EQ(present(), 7);
    }
    EXPECT_EQ(present(), 0);
  };
  executor.run(work());
  EXPECT_EQ(seen, (std::vector<int>{7, 7}));
  EXPECT_EQ(Name::alive, 0);
}

TEST(TaskContext, what_outlives_its_spawner_keeps_it_alive) {
  ManualExecutor executor;
  std::vector<int> seen;
  auto slow = [&]() -> Task<int> {
    co_await sleep_for(1s);
    seen.push_back(present());
    co_return 1;
  };
  auto work = [&]() -> Task<void> {
    const TaskContext::Scope scope(named(3));
    auto late = slow();
    auto timed = with_timeout(std::move(late), 1ms);
    const auto answer = co_await timed;
    EXPECT_FALSE(answer);
    EXPECT_EQ(present(), 3);
  };
  executor.run(work());
  EXPECT_EQ(Name::alive, 1);
  executor.advance(2s);
  EXPECT_EQ(seen, std::vector<int>{3});
  EXPECT_EQ(Name::alive, 0);
}

TEST(TaskContext, what_is_posted_has_none_unless_it_was_given_a_copy) {
  ManualExecutor executor;
  std::vector<int> seen;
  auto work = [&]() -> Task<void> {
    const TaskContext::Scope scope(named(4));
    executor.post([&] { seen.push_back(present()); });
    executor.post([&, copy = TaskContext::current()] {
      const TaskContext::Scope inner(copy);
      spawn(sleep_and_see(seen));
      seen.push_back(present());
    });
    co_await sleep_for(2ms);
  };
  executor.run(work());
  EXPECT_EQ(seen, (std::vector<int>{0, 4, 4}));
  EXPECT_EQ(Name::alive, 0);
}

TEST(TaskContext, it_goes_with_the_task_over_an_event_set_by_another_thread) {
  ManualExecutor executor;
  Event event;
  std::vector<int> seen;
  auto wait = [&](int name) -> Task<void> {
    const TaskContext::Scope scope(named(name));
    co_await event.wait();
    seen.push_back(present());
  };
  auto both = [&]() -> Task<void> {
    TaskGroup group;
    group.spawn(wait(1));
    group.spawn(wait(2));
    std::thread other([&] { event.set(); });
    co_await group.join();
    other.join();
    // Set already: nobody waits, nothing is taken away.
    const TaskContext::Scope scope(named(5));
    co_await event.wait();
    EXPECT_EQ(present(), 5);
  };
  executor.run(both());
  EXPECT_EQ(seen, (std::vector<int>{1, 2}));
  EXPECT_EQ(Name::alive, 0);
}

TEST(TaskContext, inner_scopes_give_the_outer_one_back) {
  ManualExecutor executor;
  auto inner = []() -> Task<int> {
    const TaskContext::Scope scope(named(2));
    co_await yield();
    co_return present();
  };
  auto outer = [&]() -> Task<void> {
    const TaskContext::Scope scope(named(1));
    const int seen = co_await inner();
    EXPECT_EQ(seen, 2);
    EXPECT_EQ(present(), 1);
  };
  executor.run(outer());
  EXPECT_EQ(Name::alive, 0);
}

TEST(TaskContext, a_task_destroyed_while_it_waits_lets_go_of_it_and_disturbs_nobody) {
  Event never;
  {
    ManualExecutor executor;
    auto wait = [&]() -> Task<void> {
      const TaskContext::Scope outer(named(1));
      const TaskContext::Scope inner(named(2));
      co_await sleep_for(1h);
    };
    // Started by hand, so that it can be destroyed by hand.
    struct Holder {
      struct promise_type {
        Holder get_return_object() {
          return {std::coroutine_handle<promise_type>::from_promise(*this)};
        }
        std::suspend_never initial_suspend() noexcept { return {}; }
        std::suspend_always final_suspend() noexcept { return {}; }
        void return_void() {}
        void unhandled_exception() { std::terminate(); }
      };
      std::coroutine_handle<promise_type> handle;
    };
    auto hold = [](Task<void> task) -> Holder { co_await task; };
    std::optional<Holder> held;
    executor.post([&] { held = hold(wait()); });
    executor.run_ready();
    EXPECT_EQ(present(), 0);
    EXPECT_EQ(Name::alive, 2);
    held->handle.destroy();
  }
  EXPECT_EQ(present(), 0);
  EXPECT_EQ(Name::alive, 0);
}

}  // namespace
}  // namespace baedal
