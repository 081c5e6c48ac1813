#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace baedal::auth {

/// RFC 4648 section 5 without padding, as JSON Web Tokens write it.
[[nodiscard]] std::string base64url_encode(std::string_view bytes);

/// Strict: nullopt for padding, blanks, another alphabet, an impossible length, or bits left over
/// that are not zero, so that one text and no other stands for some bytes.
[[nodiscard]] std::optional<std::string> base64url_decode(std::string_view text);

}  // namespace baedal::auth
