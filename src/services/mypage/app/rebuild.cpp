#include "services/mypage/app/rebuild.hpp"

#include <algorithm>
#include <chrono>

#include "kernel/async/executor.hpp"

namespace baedal::mypage {
namespace {

constexpr std::int64_t kComparePage = 1000;
constexpr std::chrono::milliseconds kCatchUpPause{50};
constexpr int kCatchUpPausesMax = 100;
/// For lines that lack nothing but steps: those from before steps were kept always will.
constexpr int kStepPausesMax = 10;

/// Compares two pages, both in order-id order.
void compare_lines(const std::vector<Mypage>& a, const std::vector<Mypage>& b,
                   RebuildReport& report) {
  for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    if (i >= a.size() || i >= b.size()) {
      ++report.differences;
      continue;
    }
    // updated_at is when the view learned the last thing that counted: not part of the state.
    Mypage left = a[i];
    left.updated_at = b[i].updated_at;
    if (left == b[i]) continue;
    ++report.differences;
    left.steps = b[i].steps;
    if (left == b[i]) ++report.in_steps_alone;
  }
}

}  // namespace

Task<Result<RebuildReport>> RebuildView::run() {
  if (running_.exchange(true)) {
    co_return fail(ErrorKind::kConflict, "rebuild-running", "The view is being rebuilt already.");
  }
  Result<RebuildReport> report = RebuildReport{};
  auto fresh = co_await generations_.begin_fresh();
  if (!fresh) {
    report = pass_on(fresh);
  } else {
    report = co_await build(*fresh);
    if (!report) {
      projection_.unfollow();
      fresh->reset();
      generations_.discard();
    }
  }
  running_ = false;
  co_return report;
}

Task<Result<RebuildReport>> RebuildView::build(std::shared_ptr<ViewStore> fresh) {
  RebuildReport report;
  // Follow first, replay then: what happens in between comes twice, and merging twice is harmless.
  projection_.follow_with(fresh);
  auto merge_into_fresh = [&](std::span<const Change> changes) {
    report.events += std::ssize(changes);
    return fresh->merge(changes);
  };
  EventHistory::Handler handler = merge_into_fresh;
  auto replayed = co_await history_.replay(std::move(handler));
  if (!replayed) co_return pass_on(replayed);

  if (auto marked = co_await fresh->mark_complete(); !marked) co_return pass_on(marked);
  auto compared = co_await compare_caught_up(*fresh, report);
  Result<void> promoted = compared ? generations_.promote() : std::move(compared);
  if (promoted) projection_.swap();
  projection_.release();
  if (!promoted) co_return pass_on(promoted);
  co_return report;
}

Task<Result<void>> RebuildView::compare_caught_up(ViewStore& fresh, RebuildReport& report) {
  co_await projection_.hold();
  auto compared = co_await compare(fresh, report);
  // The replay may have read events that are still on their way to the live view: let them come. A
  // difference that stays is one.
  const auto pauses_max = [&report] {
    if (report.differences == 0) return 0;
    return report.differences == report.in_steps_alone ? kStepPausesMax : kCatchUpPausesMax;
  };
  for (int pauses = 0; compared && pauses < pauses_max(); ++pauses) {
    projection_.release();
    co_await sleep_for(kCatchUpPause);
    co_await projection_.hold();
    compared = co_await compare(fresh, report);
  }
  co_return compared;
}

Task<Result<void>> RebuildView::compare(ViewStore& fresh, RebuildReport& report) {
  report.lines = 0;
  report.differences = 0;
  report.in_steps_alone = 0;
  const auto live = projection_.live();
  for (LineListRequest request{.page = 0, .size = kComparePage};; ++request.page) {
    auto a = co_await live->list(request);
    if (!a) co_return pass_on(a);
    auto b = co_await fresh.list(request);
    if (!b) co_return pass_on(b);
    report.lines += static_cast<std::int64_t>(b->lines.size());
    compare_lines(a->lines, b->lines, report);
    if (a->lines.size() < static_cast<std::size_t>(kComparePage) &&
        b->lines.size() < static_cast<std::size_t>(kComparePage)) {
      co_return Result<void>{};
    }
  }
}

}  // namespace baedal::mypage
