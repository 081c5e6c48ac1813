#pragma once

#include <string>
#include <string_view>

#include "kernel/error.hpp"
#include "platform/messaging/envelope.hpp"

namespace baedal::messaging {

// An envelope as a record of the embedded log:
//   u8 version (1) · i64 time in micros, little endian · six texts, each a varint length (LEB128)
//   and its bytes: id, type, source, key, traceparent, data.
// A version adds fields at the end; a reader refuses versions it does not know.

/// Appends the record's payload to `out`.
void encode_envelope(const Envelope& envelope, std::string& out);

/// kInternal when the payload is of another version or malformed.
[[nodiscard]] Result<Envelope> decode_envelope(std::string_view payload);

}  // namespace baedal::messaging
