#include "platform/messaging/embedded/frozen_log.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <system_error>

namespace baedal::messaging {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kChunkBytes = std::size_t{1} << 20;
constexpr const char* kGroups = "groups";

/// The first `bytes` of a file. kUnavailable when it has fewer.
Result<void> copy_front(const File& from, const fs::path& path, std::uint64_t bytes) {
  auto to = File::open(path, File::Mode::kCreate);
  if (!to) return pass_on(to);
  std::string chunk;
  for (std::uint64_t at = 0; at < bytes; at += chunk.size()) {
    chunk.resize(static_cast<std::size_t>(std::min<std::uint64_t>(kChunkBytes, bytes - at)));
    auto got = from.read_at(at, chunk);
    if (!got) return pass_on(got);
    chunk.resize(*got);
    if (chunk.empty()) break;  // an end that was torn, and is cut off now
    if (auto written = to->write_at(at, chunk); !written) return written;
  }
  return {};
}

/// Cuts the copy behind its last whole record.
Result<void> cut_to_whole_records(Segment& segment) {
  auto file = File::open(segment.path, File::Mode::kWrite);
  if (!file) return pass_on(file);
  const auto whole = end_of_whole_records(segment, *file, segment.base);
  if (!whole) return std::unexpected(whole.error());
  segment.end = *whole;
  return file->truncate(segment.position_of(segment.end));
}

Result<void> write_cursor(const fs::path& path, const Cursor& cursor) {
  auto file = CursorFile::open(path);
  if (!file) return pass_on(file);
  return file->save(cursor);
}

std::unexpected<Error> unusable(const char* what, const std::error_code& error) {
  return unavailable("log-io", std::string("The folder of the event log cannot be ") + what + ": " +
                                   error.message() + ".");
}

}  // namespace

Result<FrozenLog> FrozenLog::open(const fs::path& folder) {
  FrozenLog frozen(folder);
  std::error_code error;
  for (fs::directory_iterator it(folder / kGroups, error), end; !error && it != end;
       it.increment(error)) {
    const auto cursor = read_cursor(it->path());
    if (!cursor) return std::unexpected(cursor.error());
    if (*cursor) frozen.positions_.emplace_back(it->path().filename().string(), **cursor);
  }
  if (error && error != std::errc::no_such_file_or_directory) return unusable("listed", error);
  return frozen;
}

Result<void> FrozenLog::note() {
  constexpr int kLooks = 3;
  auto segments = list_segments(folder_);
  // A file may be ended or dropped just while they are listed.
  for (int look = 1; look < kLooks && !segments; ++look) segments = list_segments(folder_);
  if (!segments) return pass_on(segments);
  segments_ = std::move(*segments);
  return {};
}

Result<void> FrozenLog::copy_to(const fs::path& folder) const {
  std::error_code error;
  fs::create_directories(folder / kGroups, error);
  if (error) return unusable("made", error);
  if (segments_.empty()) return {};
  const auto last = copy_segments(folder);
  if (!last) return std::unexpected(last.error());
  // From here on all of it is known to be whole, so that later damage is told from a torn end.
  if (auto kept = write_cursor(folder / "synced", {last->epoch, last->end}); !kept) return kept;
  for (const auto& [name, cursor] : positions_) {
    if (auto kept = write_cursor(folder / kGroups / name, cursor); !kept) return kept;
  }
  return {};
}

/// Gives the last one, as it is in the copy.
Result<Segment> FrozenLog::copy_segments(const fs::path& to) const {
  Segment last;
  bool any = false;
  for (const Segment& segment : segments_) {
    std::error_code error;
    const bool dropped = !any && !fs::exists(segment.path, error) && segments_.size() > 1;
    if (dropped) continue;
    if (!any) {
      if (auto good = check_positions(segment.base); !good) return pass_on(good);
    }
    any = true;
    auto from = File::open(segment.path, File::Mode::kRead);
    if (!from) return pass_on(from);
    last = segment;
    last.path = to / segment.path.filename();
    auto copied = copy_front(*from, last.path, segment.position_of(segment.end));
    if (!copied) return pass_on(copied);
  }
  if (auto cut = cut_to_whole_records(last); !cut) return pass_on(cut);
  return last;
}

Result<void> FrozenLog::check_positions(Offset begin) const {
  if (begin == segments_.front().base) return {};
  for (const auto& [name, cursor] : positions_) {
    if (cursor.offset < begin) {
      return unavailable("log-dropped",
                         "Old events were dropped while they were to be copied, and " + name +
                             " still needs them. Try again.");
    }
  }
  return {};
}

}  // namespace baedal::messaging
