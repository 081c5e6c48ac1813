#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "kernel/error.hpp"
#include "platform/messaging/bus.hpp"
#include "platform/messaging/embedded/cursor_file.hpp"
#include "platform/messaging/embedded/file.hpp"
#include "platform/messaging/embedded/record.hpp"
#include "platform/messaging/embedded/segment.hpp"

namespace baedal::messaging {

struct LogOptions {
  std::uint64_t segment_bytes = std::uint64_t{64} << 20;  ///< a file this long is ended
  /// Whole files beyond these limits may be dropped, the oldest first; 0 keeps everything.
  std::uint64_t retention_bytes = 0;
  std::chrono::seconds retention_age{0};
  /// For a look from another process: writes nothing, needs no lock; append and sync refuse.
  bool read_only = false;
  IoFaults* faults = nullptr;  ///< for tests
};

/// Records as read, and where to read on. Move-only: the payloads point into `buffer`.
struct LogRecords {
  struct Record {
    Offset offset;
    std::string_view payload;
  };
  std::unique_ptr<char[]> buffer;
  std::vector<Record> records;
  Offset next = 0;
};

/// A durable, append-only sequence of records in a folder of files. A record's offset is the
/// number of bytes of all records before it.
///
/// Epochs. Appending does not sync, so a power loss may drop the last records, after readers have
/// seen them; later records then get the same offsets. Therefore every open begins a new epoch (in
/// a new file, written into its header), after what the files still hold was synced. A cursor
/// carries the epoch it was written in; if that is over, the cursor goes back to where the next
/// epoch began, should it be beyond. Its reader sees some events again, and misses none.
///
/// Damage. The folder also keeps up to where the log is known to be synced. Invalid bytes behind
/// that are the torn end of an interrupted write, and cut off. Invalid or missing bytes before it
/// are damage: open refuses (last file) or the read fails (older files), saying what to do.
///
/// Thread-safe. One process at a time appends (lock file). Operating errors are kUnavailable and
/// pass when the disk recovers; damage is kInternal.
class Log {
 public:
  static Result<std::unique_ptr<Log>> open(const std::filesystem::path& folder,
                                           const LogOptions& options = {});
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  /// Writes all records or none, with one write; gives the offset of the first. They can be read
  /// at once, and survive the process; they survive a power loss once synced_offset() is behind.
  Result<Offset> append(const RecordBatch& batch);

  /// Makes what is appended survive a power loss. After a sync that failed, appends are refused
  /// until a later sync() has written the unsynced part anew: the kernel drops what it could not
  /// write, and a mere second fdatasync would report success.
  Result<void> sync();

  /// Whole records from `from` (a record's offset) on, about `bytes_max` of them, at least one
  /// unless `from` is the end. An offset dropped by retention reads on at begin_offset().
  [[nodiscard]] Result<LogRecords> read(Offset from, std::size_t bytes_max) const;

  [[nodiscard]] Offset begin_offset() const;
  [[nodiscard]] Offset end_offset() const { return end_.load(); }
  [[nodiscard]] Offset synced_offset() const { return synced_.load(); }
  [[nodiscard]] std::uint64_t epoch() const { return epoch_; }

  /// Where a reader with that cursor goes on. kInternal when the cursor is of a later epoch: the
  /// folder was replaced by an older copy.
  [[nodiscard]] Result<Offset> resume_offset(const Cursor& cursor) const;

  /// Drops the oldest files that are beyond a retention limit and end at or before `handled`;
  /// gives how many.
  Result<std::size_t> retire(Offset handled);

  /// The error of the last append or the last sync, until the next one succeeds.
  [[nodiscard]] Result<void> health() const;

 private:
  struct Source {
    Segment segment;
    std::shared_ptr<const File> file;
    Offset from;
    Offset end;
  };

  Log(std::filesystem::path folder, const LogOptions& options);
  Result<void> lock_folder();
  Result<void> recover();
  Result<void> begin_epoch();
  Result<void> recover_last_segment();
  Result<void> begin_segment();
  Result<void> rotate();
  Result<void> cut_torn_write();
  Result<void> write_unsynced_anew();
  Result<void> sync_again();
  void mark_synced(Offset offset);
  Result<Source> source_of(Offset from) const;

  const std::filesystem::path folder_;
  const LogOptions options_;
  std::optional<File> lock_file_;
  std::uint64_t epoch_ = 0;

  mutable std::mutex mutex_;  ///< everything below
  std::vector<Segment> segments_;
  std::shared_ptr<const File> active_;
  mutable std::shared_ptr<const File> last_read_;  ///< the older file read last, still open
  mutable Offset last_read_base_ = -1;
  bool torn_write_ = false;   ///< bytes of a failed write lie behind end_
  bool sync_failed_ = false;  ///< the kernel may have dropped bytes behind synced_
  Result<void> append_health_;
  Result<void> sync_health_;
  std::atomic<Offset> end_{0};
  std::atomic<Offset> synced_{0};

  std::mutex sync_mutex_;  ///< one sync at a time; taken before mutex_
  std::optional<CursorFile> synced_file_;
};

}  // namespace baedal::messaging
