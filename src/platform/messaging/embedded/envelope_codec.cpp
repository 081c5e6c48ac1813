#include "platform/messaging/embedded/envelope_codec.hpp"

#include <cstdint>
#include <cstring>

namespace baedal::messaging {
namespace {

constexpr char kVersion = 1;

void append_text(std::string& out, std::string_view text) {
  std::size_t rest = text.size();
  for (; rest >= 0x80; rest >>= 7) out.push_back(static_cast<char>((rest & 0x7f) | 0x80));
  out.push_back(static_cast<char>(rest));
  out.append(text);
}

/// Takes a text off the front of `bytes`; false when there is none.
bool take_text(std::string_view& bytes, std::string& text) {
  std::uint64_t size = 0;
  for (unsigned shift = 0; shift < 35; shift += 7) {
    if (bytes.empty()) return false;
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    size |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
    if ((byte & 0x80U) == 0) {
      if (size > bytes.size()) return false;
      text.assign(bytes.substr(0, size));
      bytes.remove_prefix(size);
      return true;
    }
  }
  return false;
}

std::unexpected<Error> malformed(const char* detail) {
  return fail(ErrorKind::kInternal, "event-record-unknown", detail);
}

}  // namespace

void encode_envelope(const Envelope& envelope, std::string& out) {
  out.push_back(kVersion);
  char time[sizeof envelope.time.micros];
  std::memcpy(time, &envelope.time.micros, sizeof time);
  out.append(time, sizeof time);
  append_text(out, envelope.id);
  append_text(out, envelope.type);
  append_text(out, envelope.source);
  append_text(out, envelope.key);
  append_text(out, envelope.traceparent);
  append_text(out, envelope.data);
}

Result<Envelope> decode_envelope(std::string_view payload) {
  if (payload.empty() || payload.front() != kVersion) {
    return malformed("An event was written by a newer program: run that one, or a later one.");
  }
  payload.remove_prefix(1);
  Envelope envelope;
  if (payload.size() < sizeof envelope.time.micros) return malformed("An event's record is cut.");
  std::memcpy(&envelope.time.micros, payload.data(), sizeof envelope.time.micros);
  payload.remove_prefix(sizeof envelope.time.micros);
  const bool whole = take_text(payload, envelope.id) && take_text(payload, envelope.type) &&
                     take_text(payload, envelope.source) && take_text(payload, envelope.key) &&
                     take_text(payload, envelope.traceparent) && take_text(payload, envelope.data);
  if (!whole || !payload.empty()) return malformed("An event's record is malformed.");
  return envelope;
}

}  // namespace baedal::messaging
