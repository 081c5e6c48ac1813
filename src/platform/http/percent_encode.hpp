#pragma once

#include <string>
#include <string_view>

namespace baedal::http {

/// Everything but the unreserved characters of RFC 3986 as %XX: safe in any part of a URL.
[[nodiscard]] std::string percent_encode(std::string_view text);

}  // namespace baedal::http
