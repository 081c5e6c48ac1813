#include "platform/messaging/embedded/log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

namespace baedal::messaging {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSyncedFile = "synced";
constexpr const char* kLockFile = "lock";

std::unexpected<Error> damaged(std::string detail) {
  return fail(ErrorKind::kInternal, "log-damaged", std::move(detail));
}

std::unexpected<Error> read_only_error() {
  return fail(ErrorKind::kConflict, "log-read-only", "The event log is open for reading only.");
}

/// The payloads of the whole records at the front of `bytes`.
std::vector<LogRecords::Record> parse_all(std::string_view bytes, Offset offset) {
  std::vector<LogRecords::Record> records;
  for (auto record = parse_record(bytes); record.state == ParsedRecord::State::kWhole;
       record = parse_record(bytes)) {
    records.push_back({offset, record.payload});
    offset += static_cast<Offset>(record.size);
    bytes.remove_prefix(record.size);
  }
  return records;
}

Offset end_of(const LogRecords::Record& record) {
  return record.offset + static_cast<Offset>(kRecordHeaderBytes + record.payload.size());
}

}  // namespace

Result<std::unique_ptr<Log>> Log::open(const fs::path& folder, const LogOptions& options) {
  std::unique_ptr<Log> log(new Log(folder, options));
  if (!options.read_only) {
    if (auto locked = log->lock_folder(); !locked) return pass_on(locked);
    remove_unfinished_segments(folder);
  }
  auto recovered = log->recover();
  // The writer may end a file just while we list them: the second look sees it whole.
  for (int look = 0; look < 3 && !recovered && options.read_only; ++look) {
    recovered = log->recover();
  }
  if (recovered && !options.read_only) recovered = log->begin_epoch();
  if (!recovered) return pass_on(recovered);
  return log;
}

Log::Log(fs::path folder, const LogOptions& options)
    : folder_(std::move(folder)), options_(options) {}

Log::~Log() {
  // A clean end: what was appended is durable, and known to be.
  if (active_) static_cast<void>(sync());
}

Result<void> Log::lock_folder() {
  std::error_code error;
  fs::create_directories(folder_, error);
  if (error) return unavailable("log-io", "cannot create the log's folder: " + error.message());
  auto file = File::open(folder_ / kLockFile, File::Mode::kCreate);
  if (!file) return pass_on(file);
  if (!file->try_lock()) {
    return fail(ErrorKind::kConflict, "log-in-use",
                "The event log is in use by another process. Stop that one first.");
  }
  lock_file_ = std::move(*file);
  return {};
}

Result<void> Log::recover() {
  auto segments = list_segments(folder_);
  if (!segments) return pass_on(segments);
  segments_ = std::move(*segments);
  if (!segments_.empty()) {
    epoch_ = segments_.back().epoch;
    if (auto recovered = recover_last_segment(); !recovered) return recovered;
    end_ = segments_.back().end;
  }
  synced_ = end_.load();
  return {};
}

Result<void> Log::begin_epoch() {
  auto synced_file = CursorFile::open(folder_ / kSyncedFile, options_.faults);
  if (!synced_file) return pass_on(synced_file);
  synced_file_ = std::move(*synced_file);
  ++epoch_;
  if (!segments_.empty() && segments_.back().end == segments_.back().base) segments_.pop_back();
  if (auto begun = begin_segment(); !begun) return begun;
  mark_synced(end_.load());
  return {};
}

Result<void> Log::recover_last_segment() {
  // Read before the records: another process may be appending while we only read.
  const auto mark = read_cursor(folder_ / kSyncedFile);
  if (!mark) return std::unexpected(mark.error());
  Segment& last = segments_.back();
  const auto mode = options_.read_only ? File::Mode::kRead : File::Mode::kWrite;
  auto file = File::open(last.path, mode, options_.faults);
  if (!file) return pass_on(file);
  const auto whole = end_of_whole_records(last, *file, last.base);
  if (!whole) return std::unexpected(whole.error());
  if (*mark && (*mark)->offset > *whole) {
    return damaged(fmt::format(
        "The event log is damaged: {} bytes known to be durable are unreadable or missing in '{}', "
        "from offset {} on. Restore the log's folder from a copy; or remove the file '{}' beside "
        "it to go on without them, and rebuild the projections.",
        (*mark)->offset - *whole, file->name(), *whole, kSyncedFile));
  }
  const bool torn = last.end > *whole;
  last.end = *whole;
  if (options_.read_only) return {};
  if (torn) {
    if (auto cut = file->truncate(last.position_of(last.end)); !cut) return cut;
  }
  // What this epoch is built on must not change any more, see resume_offset().
  return file->sync();
}

Result<void> Log::begin_segment() {
  auto segment = create_segment(folder_, epoch_, end_.load(), options_.faults);
  if (!segment) return pass_on(segment);
  auto file = File::open(segment->path, File::Mode::kWrite, options_.faults);
  if (!file) return pass_on(file);
  active_ = std::make_shared<const File>(std::move(*file));
  segments_.push_back(std::move(*segment));
  return {};
}

Result<Offset> Log::append(const RecordBatch& batch) {
  if (options_.read_only) return read_only_error();
  const std::lock_guard lock(mutex_);
  if (sync_failed_) return std::unexpected(sync_health_.error());
  const Offset start = end_.load();
  if (batch.bytes().empty()) return start;
  append_health_ = cut_torn_write();
  const auto active_bytes = static_cast<std::uint64_t>(start - segments_.back().base);
  // Until a due rotation succeeds nothing is appended: the next file may exist already, and begins
  // exactly here.
  if (append_health_ && active_bytes >= options_.segment_bytes) append_health_ = rotate();
  if (!append_health_) return std::unexpected(append_health_.error());

  const Segment& segment = segments_.back();
  append_health_ = active_->write_at(segment.position_of(start), batch.bytes());
  if (!append_health_) {
    torn_write_ = true;
    static_cast<void>(cut_torn_write());  // else before the next append
    return std::unexpected(append_health_.error());
  }
  end_ = start + static_cast<Offset>(batch.bytes().size());
  return start;
}

Result<void> Log::cut_torn_write() {
  if (!torn_write_) return {};
  auto cut = active_->truncate(segments_.back().position_of(end_.load()));
  if (cut) torn_write_ = false;
  return cut;
}

/// Ends the active file and begins the next. The old one is synced first, so that only the last
/// file can ever have a torn end.
Result<void> Log::rotate() {
  sync_health_ = active_->sync();
  if (!sync_health_) {
    sync_failed_ = true;
    return sync_health_;
  }
  synced_ = end_.load();
  segments_.back().end = end_.load();
  return begin_segment();
}

Result<void> Log::sync() {
  if (options_.read_only) return read_only_error();
  const std::lock_guard one_at_a_time(sync_mutex_);
  std::shared_ptr<const File> file;
  Offset target = 0;
  {
    const std::lock_guard lock(mutex_);
    if (sync_failed_) return sync_again();
    target = end_.load();
    if (target == synced_.load()) return {};
    file = active_;
  }
  auto synced = file->sync();
  const std::lock_guard lock(mutex_);
  sync_failed_ = sync_failed_ || !synced;
  sync_health_ = synced;
  if (!synced) return synced;
  // A rotation meanwhile has synced `file` itself, and perhaps more.
  mark_synced(std::max(synced_.load(), target));
  return {};
}

Result<void> Log::sync_again() {
  sync_health_ = write_unsynced_anew();
  if (sync_health_) sync_health_ = active_->sync();
  if (!sync_health_) return sync_health_;
  sync_failed_ = false;
  mark_synced(end_.load());
  return {};
}

void Log::mark_synced(Offset offset) {
  synced_ = offset;
  // Not being able to keep the mark costs nothing but the recognition of later damage.
  static_cast<void>(synced_file_->save({epoch_, offset}));
}

Result<void> Log::write_unsynced_anew() {
  const Segment& segment = segments_.back();
  const Offset from = std::max(synced_.load(), segment.base);
  std::string bytes(static_cast<std::size_t>(end_.load() - from), '\0');
  auto got = active_->read_at(segment.position_of(from), bytes);
  if (!got) return pass_on(got);
  const auto records = parse_all(std::string_view(bytes).substr(0, *got), from);
  const Offset whole = records.empty() ? from : end_of(records.back());
  if (whole != end_.load()) {
    return unavailable("log-sync-failed",
                       "The disk lost events that were not synced yet. Restart the process: they "
                       "are still in the outboxes, and will be sent again.");
  }
  return active_->write_at(segment.position_of(from), bytes);
}

Result<LogRecords> Log::read(Offset from, std::size_t bytes_max) const {
  auto source = source_of(from);
  if (!source) return pass_on(source);
  from = source->from;
  LogRecords out;
  out.next = from;
  if (from >= source->end) return out;
  const auto available = static_cast<std::size_t>(source->end - from);
  std::size_t want = std::min(bytes_max, available);
  while (true) {
    out.buffer = std::make_unique_for_overwrite<char[]>(want);
    auto got = source->file->read_at(source->segment.position_of(from), {out.buffer.get(), want});
    if (!got) return pass_on(got);
    const std::string_view bytes(out.buffer.get(), *got);
    out.records = parse_all(bytes, from);
    if (!out.records.empty()) break;
    const ParsedRecord first = parse_record(bytes);
    // A record longer than bytes_max: once more, with room for it.
    const bool longer = first.state == ParsedRecord::State::kShort && *got == want;
    if (!longer || first.size > available) {
      return damaged(fmt::format(
          "The event log is damaged at offset {}, in '{}'. Restore the log's folder from a copy.",
          from, source->segment.path.filename().string()));
    }
    want = first.size;
  }
  out.next = end_of(out.records.back());
  return out;
}

/// The file to read at `from`, and where its records end.
Result<Log::Source> Log::source_of(Offset from) const {
  const std::lock_guard lock(mutex_);
  if (segments_.empty()) return Source{{}, nullptr, from, from};
  from = std::max(from, segments_.front().base);
  const auto next = std::ranges::upper_bound(segments_, from, {}, &Segment::base);
  const Segment& segment = *std::prev(next);
  const bool is_last = next == segments_.end();
  const Offset end = is_last ? end_.load() : next->base;
  if (is_last && active_) return Source{segment, active_, from, end};
  if (!last_read_ || last_read_base_ != segment.base) {
    auto file = File::open(segment.path, File::Mode::kRead);
    if (!file) return pass_on(file);
    last_read_ = std::make_shared<const File>(std::move(*file));
    last_read_base_ = segment.base;
  }
  return Source{segment, last_read_, from, end};
}

Offset Log::begin_offset() const {
  const std::lock_guard lock(mutex_);
  return segments_.empty() ? 0 : segments_.front().base;
}

Result<Offset> Log::resume_offset(const Cursor& cursor) const {
  const std::lock_guard lock(mutex_);
  if (cursor.epoch > epoch_) {
    return fail(ErrorKind::kInternal, "log-older-than-cursor",
                "The event log's folder is an older copy than the positions kept with it. Restore "
                "both from the same copy.");
  }
  const auto later = std::ranges::upper_bound(segments_, cursor.epoch, {}, &Segment::epoch);
  const Offset limit = later == segments_.end() ? end_.load() : later->base;
  const Offset begin = segments_.empty() ? 0 : segments_.front().base;
  return std::max(std::min(cursor.offset, limit), begin);
}

Result<std::size_t> Log::retire(Offset handled) {
  if (options_.read_only) return read_only_error();
  if (options_.retention_bytes == 0 && options_.retention_age.count() == 0) return std::size_t{0};
  const std::lock_guard lock(mutex_);
  std::size_t dropped = 0;
  std::error_code error;
  const auto now = fs::file_time_type::clock::now();
  while (segments_.size() > 1) {
    const Segment& oldest = segments_.front();
    const auto bytes = static_cast<std::uint64_t>(end_.load() - oldest.base);
    const bool too_much = options_.retention_bytes != 0 && bytes > options_.retention_bytes;
    const bool too_old = options_.retention_age.count() != 0 &&
                         now - fs::last_write_time(oldest.path, error) > options_.retention_age;
    if (error || !(too_much || too_old) || segments_[1].base > handled) break;
    fs::remove(oldest.path, error);
    if (error) break;
    segments_.erase(segments_.begin());
    ++dropped;
  }
  if (error) return unavailable("log-io", "cannot drop an old file of the log: " + error.message());
  return dropped;
}

Result<void> Log::health() const {
  const std::lock_guard lock(mutex_);
  return append_health_ ? sync_health_ : append_health_;
}

}  // namespace baedal::messaging
