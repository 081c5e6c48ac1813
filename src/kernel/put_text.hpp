#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "kernel/timestamp.hpp"

/// Text written to where the caller has made room for it; each gives the end of what it wrote. For
/// the few places that compose an answer many thousand times a second, where a string that grows
/// with each piece costs more than the pieces.
namespace baedal {

inline constexpr std::size_t kIntRoom = 20;          ///< bytes: an int64 at most
inline constexpr std::size_t kIso8601Room = 24;      ///< bytes: exactly
inline constexpr std::size_t kCompactTimeRoom = 14;  ///< bytes: exactly

inline char* put(char* at, std::string_view text) {
  std::memcpy(at, text.data(), text.size());
  return at + text.size();
}
char* put_int(char* at, std::int64_t value);
/// As Timestamp::iso8601().
char* put_iso8601(char* at, Timestamp time);
/// As Timestamp::compact().
char* put_compact_time(char* at, Timestamp time);

}  // namespace baedal
