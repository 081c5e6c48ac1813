#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "kernel/error.hpp"
#include "platform/messaging/bus.hpp"
#include "platform/messaging/embedded/file.hpp"

namespace baedal::messaging {

inline constexpr std::size_t kSegmentHeaderBytes = 64;

/// One file of the log: a header, then records. Named by its base: "00000000000000001234.log".
struct Segment {
  std::filesystem::path path;
  std::uint64_t epoch = 0;
  Offset base = 0;
  Offset end = 0;  ///< by the file's size

  /// Where the byte at `offset` of the log lies in the file.
  [[nodiscard]] std::uint64_t position_of(Offset offset) const {
    return kSegmentHeaderBytes + static_cast<std::uint64_t>(offset - base);
  }
};

/// The segments of a folder in order, each header checked, and each beginning where the one before
/// ends; kInternal with a sentence for the operator when one is damaged or missing.
Result<std::vector<Segment>> list_segments(const std::filesystem::path& folder);

/// Makes an empty segment, durably and at once: after a crash it is there whole, or not at all. An
/// empty segment with the same base is replaced.
Result<Segment> create_segment(const std::filesystem::path& folder, std::uint64_t epoch,
                               Offset base, IoFaults* faults);

/// Removes what create_segment left behind in a crash.
void remove_unfinished_segments(const std::filesystem::path& folder);

/// Reads every record from `from` on; gives the offset behind the last whole one.
Result<Offset> end_of_whole_records(const Segment& segment, const File& file, Offset from);

}  // namespace baedal::messaging
