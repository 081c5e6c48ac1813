#include "platform/messaging/embedded/event_log.hpp"

#include <memory>
#include <utility>

#include "platform/messaging/embedded/envelope_codec.hpp"

namespace baedal::messaging {
namespace {

constexpr std::size_t kReadBytes = std::size_t{256} << 10;

}  // namespace

EventLog::EventLog(std::unique_ptr<Log> log, std::size_t tail_bytes_max, LogSyncer::Options options,
                   std::function<void()> upkeep)
    : log_(std::move(log)), tail_(tail_bytes_max), syncer_(*log_, options, std::move(upkeep)) {}

Result<Offset> EventLog::append(std::span<const Envelope> events) {
  const std::lock_guard lock(append_mutex_);
  batch_.clear();
  for (const Envelope& event : events) {
    encode_envelope(event, batch_.begin_record());
    if (!batch_.finish_record()) {
      return fail(ErrorKind::kInvalid, "event-too-large",
                  "Event '" + event.id + "' is too large for the event log.");
    }
  }
  const auto start = log_->append(batch_);
  if (!start) {
    syncer_.request_retry();
    return start;
  }
  const Offset end = *start + static_cast<Offset>(batch_.bytes().size());
  const auto& starts = batch_.starts();
  for (std::size_t i = 0; i < events.size(); ++i) {
    const bool last = i + 1 == events.size();
    const Offset next = last ? end : *start + static_cast<Offset>(starts[i + 1]);
    tail_.add(*start + static_cast<Offset>(starts[i]), events[i], next);
  }
  return end;
}

Result<Tail::View> EventLog::read(Offset from) const {
  if (auto view = tail_.read(from)) return std::move(*view);
  return read_files(from);
}

Result<Tail::View> EventLog::read_files(Offset from) const {
  const auto read = log_->read(from, kReadBytes);
  if (!read) return std::unexpected(read.error());
  auto deliveries = std::make_shared<std::vector<Delivery>>();
  deliveries->reserve(std::min(read->records.size(), Tail::kChunkEvents));
  Offset next = read->next;
  for (const LogRecords::Record& record : read->records) {
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

}  // namespace baedal::messaging
