// The executor's promises on real threads: order, time, hand-over between threads, stopping.
#include <gtest/gtest.h>
#include <pthread.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "kernel/async/sync.hpp"
#include "platform/runtime/runtime.hpp"

namespace baedal::runtime {
namespace {

using namespace std::chrono_literals;

Task<std::string> thread_name() {
  std::array<char, 16> name{};
  pthread_getname_np(pthread_self(), name.data(), name.size());
  co_return std::string{name.data()};
}

TEST(Runtime, runs_tasks_on_its_named_thread) {
  Runtime runtime(1);
  runtime.start();
  EXPECT_EQ(runtime.run(thread_name()), "baedal-io-0");
}

TEST(Runtime, hands_exceptions_of_a_task_to_the_caller_of_run) {
  Runtime runtime(1);
  runtime.start();
  auto failing = []() -> Task<int> {
    throw std::runtime_error("no");
    co_return 1;
  };
  EXPECT_THROW(runtime.run(failing()), std::runtime_error);
}

TEST(Runtime, stop_is_idempotent_and_ends_running) {
  Runtime runtime(2);
  EXPECT_FALSE(runtime.running());
  runtime.start();
  EXPECT_TRUE(runtime.running());
  runtime.stop();
  runtime.stop();
  EXPECT_FALSE(runtime.running());
}

TEST(Runtime, work_posted_before_stop_is_run) {
  Runtime runtime(1);
  runtime.start();
  std::atomic<int> ran = 0;
  for (int i = 0; i < 1000; ++i) runtime.executor(0).post([&] { ++ran; });
  runtime.stop();
  EXPECT_EQ(ran, 1000);
}

TEST(AsioExecutor, runs_work_of_one_thread_in_order) {
  Runtime runtime(1);
  runtime.start();
  std::vector<int> seen;
  for (int i = 0; i < 1000; ++i) runtime.executor(0).post([&seen, i] { seen.push_back(i); });
  auto copy = [](std::vector<int>& from) -> Task<std::vector<int>> { co_return from; };
  const std::vector<int> order = runtime.run(copy(seen));
  ASSERT_EQ(order.size(), 1000U);
  EXPECT_TRUE(std::ranges::is_sorted(order));
}

TEST(AsioExecutor, takes_work_from_many_threads_at_once) {
  Runtime runtime(2);
  runtime.start();
  std::array<int, 2> counts{};  // each touched on its own loop only
  {
    std::vector<std::jthread> producers;
    for (int p = 0; p < 4; ++p) {
      producers.emplace_back([&] {
        for (std::size_t i = 0; i < 5000; ++i) {
          runtime.executor(i % 2).post([&counts, i] { ++counts[i % 2]; });
        }
      });
    }
  }
  runtime.stop();
  EXPECT_EQ(counts[0], 10'000);
  EXPECT_EQ(counts[1], 10'000);
}

TEST(AsioExecutor, delayed_work_runs_in_order_of_time_and_not_early) {
  Runtime runtime(1);
  runtime.start();
  std::vector<int> order;
  std::promise<void> all;
  const auto start = std::chrono::steady_clock::now();
  // From another thread and from the loop's own, the later one first.
  runtime.executor(0).post_after(20ms, [&] {
    order.push_back(3);
    all.set_value();
  });
  runtime.executor(0).post([&] {
    runtime.executor(0).post_after(10ms, [&] { order.push_back(2); });
    runtime.executor(0).post_after(1ms, [&] { order.push_back(1); });
  });
  all.get_future().get();
  EXPECT_GE(std::chrono::steady_clock::now() - start, 20ms);
  EXPECT_EQ(order, (std::vector<int>{1, 2, 3}));
}

TEST(AsioExecutor, delayed_work_may_ask_for_more_delayed_work) {
  Runtime runtime(1);
  runtime.start();
  auto naps = []() -> Task<int> {
    int count = 0;
    for (; count < 20; ++count) co_await sleep_for(100us);
    co_return count;
  };
  EXPECT_EQ(runtime.run(naps()), 20);
}

TEST(AsioExecutor, a_waiter_resumes_on_its_own_loop_when_another_thread_sets_the_event) {
  Runtime runtime(1);
  runtime.start();
  Event event;
  auto waiter = [](Event& awaited) -> Task<std::string> {
    co_await awaited.wait();
    co_return co_await thread_name();
  };
  std::jthread setter([&] { event.set(); });
  EXPECT_EQ(runtime.run(waiter(event)), "baedal-io-0");
}

TEST(TerminationSignal, resumes_with_the_signals_number) {
  Runtime runtime(1);
  runtime.start();
  Event waiting;
  auto wait = [](Runtime& on, Event& ready) -> Task<int> {
    Task<int> signal = wait_for_termination_signal(on);
    // Posted behind the wait: runs when the signal set is in place.
    Executor::current().post([&ready] { ready.set(); });
    co_return co_await signal;
  };
  std::promise<int> number;
  auto report = [](Task<int> inner, std::promise<int>& out) -> Task<void> {
    const int value = co_await inner;
    out.set_value(value);
  };
  Task<void> reporting = report(wait(runtime, waiting), number);
  runtime.executor(0).post([&] { spawn(std::move(reporting)); });
  auto until = [](Event& ready) -> Task<void> { co_await ready.wait(); };
  runtime.run(until(waiting));
  ASSERT_EQ(::kill(::getpid(), SIGTERM), 0);
  EXPECT_EQ(number.get_future().get(), SIGTERM);
}

TEST(TerminationSignal, that_came_while_held_is_taken_by_the_wait) {
  hold_termination_signals();
  Runtime runtime(1);
  runtime.start();
  ASSERT_EQ(::kill(::getpid(), SIGTERM), 0);
  EXPECT_EQ(runtime.run(wait_for_termination_signal(runtime)), SIGTERM);
  sigset_t held;
  sigemptyset(&held);
  sigaddset(&held, SIGTERM);
  sigaddset(&held, SIGINT);
  EXPECT_EQ(pthread_sigmask(SIG_UNBLOCK, &held, nullptr), 0);
}

}  // namespace
}  // namespace baedal::runtime
