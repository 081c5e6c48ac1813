#include "platform/messaging/embedded/event_log.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "kernel/assert.hpp"
#include "platform/messaging/embedded/envelope_codec.hpp"

namespace baedal::messaging {
namespace {

constexpr std::size_t kReadBytes = std::size_t{256} << 10;

/// A copy of some records at the front of `bytes`, at least the first; they lie at `offset`.
LogRecords copy_of(std::string_view bytes, Offset offset) {
  bytes = bytes.substr(0, std::max(kReadBytes, parse_record(bytes).size));
  LogRecords out;
  out.buffer = std::make_unique_for_overwrite<char[]>(bytes.size());
  std::ranges::copy(bytes, out.buffer.get());
  out.next = offset;
  bytes = {out.buffer.get(), bytes.size()};
  for (auto record = parse_record(bytes); record.state == ParsedRecord::State::kWhole;
       record = parse_record(bytes)) {
    out.records.push_back({out.next, record.payload});
    out.next += static_cast<Offset>(record.size);
    bytes.remove_prefix(record.size);
  }
  return out;
}

Result<Tail::View> decode(const LogRecords& read) {
  auto deliveries = std::make_shared<std::vector<Delivery>>();
  deliveries->reserve(std::min(read.records.size(), Tail::kChunkEvents));
  Offset next = read.next;
  for (const LogRecords::Record& record : read.records) {
    if (deliveries->size() == Tail::kChunkEvents) {
      next = record.offset;
      break;
    }
    auto envelope = decode_envelope(record.payload);
    if (!envelope) return pass_on(envelope);
    deliveries->push_back({record.offset, std::move(*envelope)});
  }
  const std::span<const Delivery> span(*deliveries);
  return Tail::View{std::move(deliveries), span, next};
}

}  // namespace

EventLog::EventLog(std::unique_ptr<Log> log, std::size_t tail_bytes_max, LogSyncer::Options options,
                   std::function<void()> upkeep)
    : log_(std::move(log)),
      tail_(tail_bytes_max),
      written_(log_->end_offset()),
      end_(written_),
      syncer_(
          *log_, options, [this] { return write(); }, std::move(upkeep)) {}

Result<Offset> EventLog::append(std::span<Envelope> events) {
  if (auto healthy = syncer_.health(); !healthy) return pass_on(healthy);
  const std::lock_guard lock(mutex_);
  const std::size_t first = gathered_.size();
  if (auto encoded = encode(events); !encoded) {
    gathered_.keep_first(first);
    return pass_on(encoded);
  }
  const Offset base = written_ + static_cast<Offset>(writing_.bytes().size());
  const Offset end = base + static_cast<Offset>(gathered_.bytes().size());
  const auto& starts = gathered_.starts();
  for (std::size_t i = 0; i < events.size(); ++i) {
    const bool last = i + 1 == events.size();
    const Offset next = last ? end : base + static_cast<Offset>(starts[first + i + 1]);
    tail_.add(base + static_cast<Offset>(starts[first + i]), std::move(events[i]), next);
  }
  end_ = end;
  return end;
}

Result<void> EventLog::encode(std::span<const Envelope> events) {
  for (const Envelope& event : events) {
    encode_envelope(event, gathered_.begin_record());
    if (!gathered_.finish_record()) {
      return fail(ErrorKind::kInvalid, "event-too-large",
                  "Event '" + event.id + "' is too large for the event log.");
    }
  }
  return {};
}

/// On the syncing thread. What cannot be written stays, for the next time: readers may have it.
Result<void> EventLog::write() {
  while (true) {
    {
      const std::lock_guard lock(mutex_);
      if (writing_.bytes().empty()) std::swap(writing_, gathered_);
    }
    if (writing_.bytes().empty()) return {};
    const auto start = log_->append(writing_);
    if (!start) return std::unexpected(start.error());
    const std::lock_guard lock(mutex_);
    BAEDAL_ASSERT(*start == written_);
    written_ += static_cast<Offset>(writing_.bytes().size());
    writing_.clear();
  }
}

Result<Tail::View> EventLog::read(Offset from) const {
  if (auto view = tail_.read(from)) return std::move(*view);
  if (const auto records = read_unwritten(from)) return decode(*records);
  const auto read = log_->read(from, kReadBytes);
  if (!read) return std::unexpected(read.error());
  return decode(*read);
}

/// nullopt when the log's files have what is there.
std::optional<LogRecords> EventLog::read_unwritten(Offset from) const {
  const std::lock_guard lock(mutex_);
  if (from < written_) return std::nullopt;
  const auto position = static_cast<std::size_t>(from - written_);
  const std::string_view writing = writing_.bytes();
  if (position < writing.size()) return copy_of(writing.substr(position), from);
  return copy_of(gathered_.bytes().substr(position - writing.size()), from);
}

}  // namespace baedal::messaging
