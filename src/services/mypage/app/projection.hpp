#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <span>

#include "kernel/async/sync.hpp"
#include "services/mypage/app/line_watchers.hpp"
#include "services/mypage/app/ports.hpp"

namespace baedal::mypage {

/// The live view: takes events in, and while a rebuild runs, into the store being built as well.
class Projection {
 public:
  /// `watchers`, if any, hear of every change once it is in the view; it is borrowed.
  explicit Projection(std::shared_ptr<ViewStore> live, LineWatchers* watchers = nullptr);

  /// Merges some events, all or none; durable when it returns ok. Waits while the view is held.
  /// `changes` live until it resumes.
  Task<Result<void>> apply(std::span<const Change> changes);
  /// The store to read from; stays valid while the caller holds it.
  [[nodiscard]] std::shared_ptr<ViewStore> live() const;

  /// From now on every event also goes into `fresh`.
  void follow_with(std::shared_ptr<ViewStore> fresh);
  void unfollow();
  /// Waits until no event is being merged and lets none in until release().
  Task<void> hold();
  void release();
  /// Makes the followed store the live one. Only while held.
  void swap();

 private:
  Task<Result<void>> merge(std::span<const Change> changes);

  LineWatchers* watchers_;
  mutable std::mutex mutex_;
  std::shared_ptr<ViewStore> live_;
  std::shared_ptr<ViewStore> fresh_;
  std::size_t merging_ = 0;
  Event open_;
  Event idle_;
};

}  // namespace baedal::mypage
