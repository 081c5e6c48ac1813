#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace baedal {

/// A point in time: microseconds since the Unix epoch, UTC.
struct Timestamp {
  std::int64_t micros = 0;

  /// RFC 3339 with milliseconds: "2026-11-22T12:34:56.789Z".
  [[nodiscard]] std::string iso8601() const;
  /// Appends the same.
  void append_iso8601(std::string& out) const;
  /// "yyyyMMddHHmmss" in UTC: the event time of the seed (its week-year mistake not repeated).
  [[nodiscard]] std::string compact() const;
  /// Reads what iso8601() writes, with 0 to 9 fractional digits and Z or a +hh:mm offset.
  [[nodiscard]] static std::optional<Timestamp> parse_iso8601(std::string_view text);
  /// Reads what compact() writes.
  [[nodiscard]] static std::optional<Timestamp> parse_compact(std::string_view text);

  friend constexpr auto operator<=>(Timestamp, Timestamp) = default;
  friend constexpr Timestamp operator+(Timestamp t, std::chrono::microseconds d) {
    return {t.micros + d.count()};
  }
  friend constexpr std::chrono::microseconds operator-(Timestamp a, Timestamp b) {
    return std::chrono::microseconds{a.micros - b.micros};
  }
};

}  // namespace baedal
