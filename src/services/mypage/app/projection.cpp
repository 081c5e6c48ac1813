#include "services/mypage/app/projection.hpp"

#include <utility>

namespace baedal::mypage {

Projection::Projection(std::shared_ptr<ViewStore> live, LineWatchers* watchers)
    : watchers_(watchers), live_(std::move(live)) {
  open_.set();
  idle_.set();
}

Task<Result<void>> Projection::apply(std::span<const Change> changes) {
  while (true) {
    co_await open_.wait();
    const std::lock_guard lock(mutex_);
    if (!open_.is_set()) continue;  // held again before this one woke up
    ++merging_;
    idle_.reset();
    break;
  }
  auto merged = co_await merge(changes);
  if (merged && watchers_ != nullptr) watchers_->changed(changes);
  {
    const std::lock_guard lock(mutex_);
    if (--merging_ == 0) idle_.set();
  }
  co_return merged;
}

Task<Result<void>> Projection::merge(std::span<const Change> changes) {
  std::shared_ptr<ViewStore> live;
  std::shared_ptr<ViewStore> fresh;
  {
    const std::lock_guard lock(mutex_);
    live = live_;
    fresh = fresh_;
  }
  auto merged = co_await live->merge(changes);
  if (!merged || !fresh) co_return merged;
  co_return co_await fresh->merge(changes);
}

std::shared_ptr<ViewStore> Projection::live() const {
  const std::lock_guard lock(mutex_);
  return live_;
}

void Projection::follow_with(std::shared_ptr<ViewStore> fresh) {
  const std::lock_guard lock(mutex_);
  fresh_ = std::move(fresh);
}

void Projection::unfollow() { follow_with(nullptr); }

Task<void> Projection::hold() {
  {
    const std::lock_guard lock(mutex_);
    open_.reset();
  }
  co_await idle_.wait();
}

void Projection::release() { open_.set(); }

void Projection::swap() {
  const std::lock_guard lock(mutex_);
  live_ = std::exchange(fresh_, nullptr);
}

}  // namespace baedal::mypage
