#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

#include "kernel/async/executor.hpp"

namespace baedal {

/// An executor driven by hand: tests and simulation decide when things run and when time passes.
/// post() is safe from any thread; the run functions belong to one thread.
class ManualExecutor final : public Executor {
 public:
  void post(std::function<void()> work) override;
  void post_after(std::chrono::nanoseconds delay, std::function<void()> work) override;

  /// Runs what is due now, and what that posts, until nothing is left. Returns how much ran.
  std::size_t run_ready();
  /// Moves time on by `delta`, timers firing in order on the way.
  void advance(std::chrono::nanoseconds delta);
  [[nodiscard]] std::chrono::nanoseconds now() const { return now_; }
  /// No other thread posts: run() need not wait for any before it lets a timer fire.
  void be_alone() { alone_ = true; }

  /// Starts `task` and drives this executor until it is done: waits for work that other threads
  /// post, and lets timers fire at once when nothing else is to do.
  template <class T>
  T run(Task<T> task);

 private:
  bool run_one();
  bool fire_next_timer();
  void drive(const bool& done);

  std::mutex mutex_;
  std::deque<std::function<void()>> ready_;
  std::multimap<std::chrono::nanoseconds, std::function<void()>> timers_;
  std::chrono::nanoseconds now_{0};
  bool alone_ = false;
};

template <class T>
T ManualExecutor::run(Task<T> task) {
  bool done = false;
  if constexpr (std::is_void_v<T>) {
    auto wrap = [](Task<T> inner, bool& finished) -> Task<void> {
      co_await inner;
      finished = true;
    };
    post([&, t = std::make_shared<Task<void>>(wrap(std::move(task), done))] {
      spawn(std::move(*t));
    });
    drive(done);
  } else {
    std::optional<T> value;
    auto wrap = [](Task<T> inner, std::optional<T>& out, bool& finished) -> Task<void> {
      out.emplace(co_await inner);
      finished = true;
    };
    post([&, t = std::make_shared<Task<void>>(wrap(std::move(task), value, done))] {
      spawn(std::move(*t));
    });
    drive(done);
    return std::move(*value);
  }
}

}  // namespace baedal
