#pragma once

#include <optional>
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

/// nullopt when `text` is not in origin-form, absolute-form or "*" (RFC 9112 section 3.2), or has
/// characters that do not belong there. Broken percent escapes are left to whoever decodes.
[[nodiscard]] std::optional<Target> parse_target(std::string_view text);

}  // namespace baedal::http
