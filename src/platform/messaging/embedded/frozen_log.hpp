#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "kernel/error.hpp"
#include "platform/messaging/embedded/cursor_file.hpp"
#include "platform/messaging/embedded/segment.hpp"

namespace baedal::messaging {

/// The folder of an EmbeddedBus for a backup, while another process may publish to it.
///
/// The three steps have their places in a backup of the stores that use the bus:
/// - open(), before the stores are frozen: a group's position is then never ahead of what its store
///   took in, and what it is behind is seen again after a restore;
/// - note(), while they are frozen: what the log has then was committed before, so that no event is
///   of something that the stores do not know. What is still on its way into the log's files lies
///   in the outboxes, and is published again after a restore;
/// - copy_to(), at any time after.
class FrozenLog {
 public:
  static Result<FrozenLog> open(const std::filesystem::path& folder);
  Result<void> note();
  /// Makes the folder: a log and positions as a clean end would have left them, not yet synced.
  /// kUnavailable when events that a group still needs were dropped by retention meanwhile.
  [[nodiscard]] Result<void> copy_to(const std::filesystem::path& folder) const;

 private:
  explicit FrozenLog(std::filesystem::path folder) : folder_(std::move(folder)) {}
  Result<Segment> copy_segments(const std::filesystem::path& to) const;
  [[nodiscard]] Result<void> check_positions(Offset begin) const;

  std::filesystem::path folder_;
  std::vector<std::pair<std::string, Cursor>> positions_;  ///< by the name of their file
  std::vector<Segment> segments_;
};

}  // namespace baedal::messaging
