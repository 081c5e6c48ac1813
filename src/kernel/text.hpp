#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace baedal {

/// Number of Unicode code points of well-formed UTF-8; nullopt when it is not well formed
/// (overlong forms and surrogates are refused, RFC 3629).
[[nodiscard]] std::optional<std::size_t> utf8_length(std::string_view text);

/// Decimal integer, whole text, no sign but '-'; nullopt when it is not one or does not fit.
[[nodiscard]] std::optional<std::int64_t> parse_int64(std::string_view text);

/// Of two texts of one size: whether they are equal but for ASCII case.
[[nodiscard]] bool iequals_same_size(std::string_view a, std::string_view b);
/// ASCII case-insensitive equality, as HTTP names compare. Most names differ in size: no call for
/// those.
[[nodiscard]] inline bool iequals(std::string_view a, std::string_view b) {
  return a.size() == b.size() && iequals_same_size(a, b);
}

/// Without leading and trailing spaces and tabs.
[[nodiscard]] std::string_view trim(std::string_view text);

/// A stable 64-bit hash (FNV-1a): the same on every machine and in every run, so it may be stored.
/// Not for adversarial input. Chain by passing the previous result as `seed`.
[[nodiscard]] std::uint64_t stable_hash(std::string_view text,
                                        std::uint64_t seed = 0xcbf29ce484222325ULL);

/// Appends the decimal digits of `value`.
void append_int(std::string& out, std::int64_t value);

}  // namespace baedal
