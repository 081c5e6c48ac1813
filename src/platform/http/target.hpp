#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace baedal::http {

/// Whether `text` is host[:port] as in Host: a name, an IPv4 or a bracketed IPv6 address.
[[nodiscard]] bool is_authority(std::string_view text);

/// The parts of a request target; `authority` only of "http://host/path".
struct Target {
  std::string_view authority;
  std::string_view path;   ///< starts with '/', or is "*"
  std::string_view query;  ///< without '?'
};

/// nullopt when `text` is not in origin-form, absolute-form or "*" (RFC 9112 section 3.2), has
/// characters that do not belong there, or a path that two readers could take for two places: with
/// dot segments, broken percent escapes, or escaped slashes, backslashes and control characters.
/// Broken escapes of the query are left to whoever decodes it.
[[nodiscard]] std::optional<Target> parse_target(std::string_view text);

/// Path and query of what parse_target() gave, with those escapes of the path undone that mean what
/// they stand for (RFC 3986 section 6.2.2.2): "/%74hings/%31?a=%62" → "/things/1?a=%62".
[[nodiscard]] std::string plain_form(const Target& target);

}  // namespace baedal::http
