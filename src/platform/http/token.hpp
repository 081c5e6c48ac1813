#pragma once

#include <array>
#include <string_view>

namespace baedal::http {

/// The characters of a method and of a header's name (RFC 9110 section 5.6.2), by code.
inline constexpr std::array<bool, 256> kTokenCharacters = [] {
  std::array<bool, 256> token{};
  for (const char c : std::string_view{"!#$%&'*+-.^_`|~0123456789"}) {
    token.at(static_cast<unsigned char>(c)) = true;
  }
  for (char c = 'a'; c <= 'z'; ++c) token.at(static_cast<unsigned char>(c)) = true;
  for (char c = 'A'; c <= 'Z'; ++c) token.at(static_cast<unsigned char>(c)) = true;
  return token;
}();

}  // namespace baedal::http
