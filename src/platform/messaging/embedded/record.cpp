#include "platform/messaging/embedded/record.hpp"

#include <bit>
#include <cstring>

#include "platform/messaging/embedded/crc32c.hpp"

namespace baedal::messaging {
namespace {

static_assert(std::endian::native == std::endian::little, "the log's format is little endian");

/// Over length and payload: a run of zeros, as a lost page leaves it, is no record.
std::uint32_t checksum(std::uint32_t length, std::string_view payload) {
  return crc32c(payload.data(), payload.size(), crc32c(&length, sizeof length));
}

}  // namespace

ParsedRecord parse_record(std::string_view bytes) {
  using State = ParsedRecord::State;
  if (bytes.size() < kRecordHeaderBytes) return {State::kShort, kRecordHeaderBytes};
  std::uint32_t length;
  std::uint32_t crc;
  std::memcpy(&length, bytes.data(), 4);
  std::memcpy(&crc, bytes.data() + 4, 4);
  if (length == 0 || length > kPayloadBytesMax) return {};
  const std::size_t size = kRecordHeaderBytes + length;
  if (bytes.size() < size) return {State::kShort, size};
  const std::string_view payload = bytes.substr(kRecordHeaderBytes, length);
  if (checksum(length, payload) != crc) return {};
  return {State::kWhole, size, payload};
}

std::string& RecordBatch::begin_record() {
  starts_.push_back(bytes_.size());
  bytes_.append(kRecordHeaderBytes, '\0');
  return bytes_;
}

bool RecordBatch::finish_record() {
  const std::size_t start = starts_.back();
  const std::size_t payload_size = bytes_.size() - start - kRecordHeaderBytes;
  if (payload_size == 0 || payload_size > kPayloadBytesMax) {
    bytes_.resize(start);
    starts_.pop_back();
    return false;
  }
  const auto length = static_cast<std::uint32_t>(payload_size);
  const std::uint32_t crc =
      checksum(length, std::string_view(bytes_).substr(start + kRecordHeaderBytes));
  std::memcpy(bytes_.data() + start, &length, 4);
  std::memcpy(bytes_.data() + start + 4, &crc, 4);
  return true;
}

bool RecordBatch::add(std::string_view payload) {
  begin_record().append(payload);
  return finish_record();
}

void RecordBatch::clear() {
  bytes_.clear();
  starts_.clear();
}

void RecordBatch::keep_first(std::size_t count) {
  if (count >= starts_.size()) return;
  bytes_.resize(starts_[count]);
  starts_.resize(count);
}

}  // namespace baedal::messaging
