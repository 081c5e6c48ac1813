#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "kernel/error.hpp"
#include "platform/messaging/bus.hpp"
#include "platform/messaging/embedded/file.hpp"

namespace baedal::messaging {

/// A place in the log, as kept across restarts. The epoch is the one it was written in: see
/// Log::resume_offset.
struct Cursor {
  std::uint64_t epoch = 0;
  Offset offset = 0;
  friend bool operator==(const Cursor&, const Cursor&) = default;
};

/// Keeps one cursor: two checksummed slots of 32 bytes, written in turn, so that a torn write
/// leaves the one before. One thread at a time.
class CursorFile {
 public:
  /// Creates the file when there is none. Both slots damaged is kInternal, naming the file.
  static Result<CursorFile> open(const std::filesystem::path& path, IoFaults* faults = nullptr);

  /// The newest cursor saved; nullopt in a new file.
  [[nodiscard]] const std::optional<Cursor>& cursor() const { return cursor_; }
  /// One small write, not synced: after a power loss an older cursor may be back.
  Result<void> save(const Cursor& cursor);
  Result<void> sync() const { return file_.sync(); }

 private:
  explicit CursorFile(File file) : file_(std::move(file)) {}

  File file_;
  std::optional<Cursor> cursor_;
  std::uint64_t generation_ = 0;
};

/// The cursor kept in that file, read without opening it for writing; nullopt when there is none.
Result<std::optional<Cursor>> read_cursor(const std::filesystem::path& path);

}  // namespace baedal::messaging
