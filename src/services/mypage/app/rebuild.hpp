#pragma once

#include <atomic>
#include <cstdint>

#include "services/mypage/app/projection.hpp"

namespace baedal::mypage {

struct RebuildReport {
  std::int64_t events = 0;       ///< events replayed
  std::int64_t lines = 0;        ///< lines in the rebuilt view
  std::int64_t differences = 0;  ///< lines that were not the same in the live view
  /// Those of them that lack nothing but steps, as lines do that are older than steps are kept.
  std::int64_t in_steps_alone = 0;
};

/// Builds the view anew from all events kept, while the live one goes on serving and following;
/// compares both, line by line, and puts the new one in its place.
class RebuildView {
 public:
  RebuildView(Projection& projection, ViewGenerations& generations, EventHistory& history)
      : projection_(projection), generations_(generations), history_(history) {}

  /// kConflict while another rebuild runs. On any error the live view stays as it is.
  Task<Result<RebuildReport>> run();

 private:
  Task<Result<RebuildReport>> build(std::shared_ptr<ViewStore> fresh);
  /// Compares while the view is held, and leaves it held.
  Task<Result<void>> compare_caught_up(ViewStore& fresh, RebuildReport& report);
  Task<Result<void>> compare(ViewStore& fresh, RebuildReport& report);

  Projection& projection_;
  ViewGenerations& generations_;
  EventHistory& history_;
  std::atomic<bool> running_{false};
};

}  // namespace baedal::mypage
