#include "services/mypage/app/catch_up.hpp"

#include <chrono>

#include "kernel/async/executor.hpp"

namespace baedal::mypage {
namespace {

constexpr std::chrono::milliseconds kPause{50};

}  // namespace

void CatchUp::start() {
  running_ = true;
  stopping_ = false;
  ended_.reset();
  spawn(run());
}

Task<void> CatchUp::stop() {
  stopping_ = true;
  if (running_) co_await ended_.wait();
  running_ = false;
}

Result<void> CatchUp::ready() const {
  if (complete_) return {};
  return unavailable("view-incomplete", "The view has not yet taken in all events there are.");
}

Task<void> CatchUp::run() {
  complete_ = co_await was_complete();
  while (!complete_ && !stopping_) {
    if (history_.caught_up()) {
      complete_ = true;
      co_await mark();
    } else {
      co_await sleep_for(kPause);
    }
  }
  ended_.set();
}

/// A store that cannot be read now counts as new: readiness waits for it anyway.
Task<bool> CatchUp::was_complete() {
  const auto live = projection_.live();
  const auto marked = co_await live->is_complete();
  co_return marked.value_or(false);
}

/// A view that could not be marked is caught up with again at the next start.
Task<void> CatchUp::mark() {
  const auto live = projection_.live();
  static_cast<void>(co_await live->mark_complete());
}

}  // namespace baedal::mypage
