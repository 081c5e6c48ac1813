#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "kernel/async/sync.hpp"
#include "kernel/async/task.hpp"
#include "services/mypage/view/mypage.hpp"

namespace baedal::mypage {

/// What a watcher is woken for. Several may come as one.
struct News {
  bool changed = false;  ///< the line may have changed since it was last looked at
  bool beat = false;     ///< some time has passed: say something, so that a broken line shows
  bool over = false;     ///< nothing more will come
};

/// Those who wait for the line of one order to change. They are told that it did, not what to: a
/// watcher who is slow looks once and sees the latest, and nothing is kept for it meanwhile. Any
/// thread. Costs nothing beyond a comparison while nobody watches.
class LineWatchers {
 public:
  class Watch;

  /// `most`: how many may watch at once.
  explicit LineWatchers(std::size_t most);
  LineWatchers(const LineWatchers&) = delete;
  LineWatchers& operator=(const LineWatchers&) = delete;
  ~LineWatchers();

  /// Begins the beat on the current executor; once.
  void start();
  /// Ends every watch, and lets nobody begin another.
  void end();

  /// nullptr: there are as many as may be, or it has ended.
  [[nodiscard]] std::unique_ptr<Watch> watch(OrderId order);
  /// To be called once `changes` are in the view.
  void changed(std::span<const Change> changes);
  [[nodiscard]] std::size_t watching() const;

 private:
  friend class Watch;
  struct State;
  std::shared_ptr<State> state_;
};

/// One who waits. Belongs to one coroutine at a time.
class LineWatchers::Watch {
 public:
  Watch(std::shared_ptr<State> state, OrderId order);
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  ~Watch();

  [[nodiscard]] OrderId order() const { return order_; }
  /// Waits until there is something to say.
  Task<News> next();
  /// Ends the next() under way, and all later ones, with `over`. Any thread.
  void cancel();
  [[nodiscard]] bool is_over() const { return (bits_.load() & kOver) != 0; }

 private:
  friend class LineWatchers;
  friend struct State;
  enum Bit : std::uint8_t { kChanged = 1, kBeat = 2, kOver = 4 };
  void wake(Bit bit);

  std::shared_ptr<State> state_;
  OrderId order_;
  std::atomic<std::uint8_t> bits_{0};
  Event woken_;
};

}  // namespace baedal::mypage
