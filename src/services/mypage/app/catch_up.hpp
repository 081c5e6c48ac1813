#pragma once

#include <atomic>

#include "kernel/async/sync.hpp"
#include "services/mypage/app/projection.hpp"

namespace baedal::mypage {

/// A view made from nothing takes no customers before it has taken in what was kept when its
/// process began: until then it would deny orders that exist. Once it has, it is marked so in its
/// store, and later starts answer at once, also while the bus is away.
class CatchUp {
 public:
  CatchUp(const Projection& projection, const EventHistory& history)
      : projection_(projection), history_(history) {}

  /// On the current executor, until the view is complete or stop().
  void start();
  Task<void> stop();

  /// kUnavailable until the view is complete. Any thread.
  [[nodiscard]] Result<void> ready() const;

 private:
  Task<void> run();
  Task<bool> was_complete();
  Task<void> mark();

  const Projection& projection_;
  const EventHistory& history_;
  std::atomic<bool> complete_{false};
  bool running_ = false;
  bool stopping_ = false;
  Event ended_;
};

}  // namespace baedal::mypage
