#pragma once

#include <cstdint>
#include <string>

#include "kernel/error.hpp"
#include "kernel/precondition.hpp"
#include "platform/http/message.hpp"

namespace baedal::http::hal {

/// A version as a strong entity tag: "\"3\"".
[[nodiscard]] std::string etag(std::int64_t version);

/// If-Match as a precondition (RFC 9110 section 13.1.1): `*`, lists; weak tags never match, as the
/// comparison is strong; malformed fields are kInvalid.
[[nodiscard]] Result<Precondition> if_match(const Request& request);

/// Whether If-None-Match names that version (weak comparison, `*`, lists): answer 304.
[[nodiscard]] bool none_match_hits(const Request& request, std::int64_t version);

}  // namespace baedal::http::hal
