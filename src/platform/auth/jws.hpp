#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "kernel/json/value.hpp"

namespace baedal::auth {

/// Why a token was not taken: for the one who sent it. `code` is a stable slug ("token-expired").
struct Refusal {
  std::string code;
  std::string detail;
};

[[nodiscard]] inline std::unexpected<Refusal> refuse(std::string code, std::string detail) {
  return std::unexpected(Refusal{std::move(code), std::move(detail)});
}

/// Longer ones are refused unread.
inline constexpr std::size_t kTokenBytesMax = 8 * 1024;

/// A signed token (JWS in compact form, RFC 7515) taken apart; nothing of it is believed yet.
struct Jws {
  std::string algorithm;  ///< as the header says: to be compared with that of the key
  std::string key_id;     ///< empty when the header has none
  json::Object claims;
  std::string_view signed_text;  ///< of the token: what the signature is of
  std::string signature;

  /// Refuses what is no token of three parts, encrypted tokens, unsigned ones, headers that ask for
  /// what is not understood here ("crit", "b64", "zip"), types that are no access token, and JSON
  /// that two readers could understand differently. `token` must outlive it.
  [[nodiscard]] static std::expected<Jws, Refusal> parse(std::string_view token);
};

}  // namespace baedal::auth
