#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace baedal::log {

/// How much an event matters; the least level written is a logger's level.
///   error: something is lost or broken, a person has to look
///   warn:  the system helped itself, but a person should know
///   info:  what an operator wants to read of a healthy system
///   debug, trace: for whoever looks for a mistake
enum class Level : std::uint8_t { kTrace, kDebug, kInfo, kWarn, kError, kOff };

inline constexpr std::size_t kLevelCount = 5;  ///< levels that events have: not kOff

/// "TRACE" … "OFF"
[[nodiscard]] std::string_view to_string(Level level);
/// In any case of letters; nullopt when it is none.
[[nodiscard]] std::optional<Level> parse_level(std::string_view text);

}  // namespace baedal::log
