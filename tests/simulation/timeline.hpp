#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <vector>

#include "kernel/async/executor.hpp"
#include "kernel/clock.hpp"
#include "simulation/chance.hpp"

namespace baedal::simulation {

class Timeline;

/// The event loop of one process (or of the world outside): what is posted runs in order, one piece
/// for each step of the timeline. One thread.
class VirtualExecutor final : public Executor {
 public:
  explicit VirtualExecutor(Timeline& timeline);
  ~VirtualExecutor() override;
  VirtualExecutor(const VirtualExecutor&) = delete;
  VirtualExecutor& operator=(const VirtualExecutor&) = delete;

  void post(std::function<void()> work) override;
  void post_after(std::chrono::nanoseconds delay, std::function<void()> work) override;

  [[nodiscard]] std::chrono::nanoseconds now() const;
  /// Runs nothing before then: a process that was stopped, or got no processor.
  void halt_until(std::chrono::nanoseconds then) { halted_until_ = then; }
  [[nodiscard]] std::chrono::nanoseconds halted_until() const { return halted_until_; }
  /// Takes this loop off the timeline and runs all that is left, timers included, in no time of the
  /// others: the last of a process that is dead. Ends when nothing is left.
  void run_out();

 private:
  friend class Timeline;
  using Timers = std::multimap<std::chrono::nanoseconds, std::function<void()>>;

  [[nodiscard]] bool is_ready() const;
  [[nodiscard]] std::chrono::nanoseconds next_due() const;
  void fire_due();
  void run_one();

  Timeline& timeline_;
  std::deque<std::function<void()>> ready_;
  Timers timers_;
  std::chrono::nanoseconds halted_until_{0};
  std::chrono::nanoseconds ahead_{0};  ///< of the timeline, while running out
  const std::uint64_t number_;
};

/// Virtual time. A step lets one of the executors that have something to do, chosen by chance, run
/// one piece of work: a coroutine from one await to the next. When none has, time goes on to the
/// next timer.
class Timeline {
 public:
  explicit Timeline(Chance chance) : chance_(chance) {}

  /// False when there is nothing left to happen.
  bool step();
  [[nodiscard]] std::chrono::nanoseconds now() const { return now_; }
  [[nodiscard]] std::uint64_t steps() const { return steps_; }
  /// A hash of which executor ran when: equal for equal runs.
  [[nodiscard]] std::uint64_t trace() const { return trace_; }

 private:
  friend class VirtualExecutor;
  [[nodiscard]] VirtualExecutor* choose();
  bool go_on_to_next_timer();

  Chance chance_;
  std::vector<VirtualExecutor*> executors_;
  std::chrono::nanoseconds now_{std::chrono::seconds{1}};
  std::uint64_t steps_ = 0;
  std::uint64_t trace_ = 0;
  std::uint64_t executors_made_ = 0;
};

/// The clock of one process: follows its executor, and its wall clock may be wrong.
class VirtualClock final : public Clock {
 public:
  explicit VirtualClock(const VirtualExecutor& executor) : executor_(executor) {}

  [[nodiscard]] Timestamp now() const override;
  [[nodiscard]] std::chrono::steady_clock::time_point monotonic() const override;
  void be_wrong(std::chrono::microseconds by) { wrong_by_ = by; }

 private:
  const VirtualExecutor& executor_;
  std::chrono::microseconds wrong_by_{0};
};

}  // namespace baedal::simulation
