#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "platform/config/setting.hpp"

namespace baedal::config {

/// A value that has been checked against its setting.
struct Value {
  std::string text;         ///< as it was written
  std::int64_t number = 0;  ///< integer; duration in milliseconds; size in bytes; boolean 0 or 1
  std::vector<std::string> items{};  ///< of a list
};

/// Reads `text` as that setting wants it. The error is the end of a sentence ("99999 is above the
/// greatest value, 65535"); it does not repeat a secret.
[[nodiscard]] std::expected<Value, std::string> parse_value(const Setting& setting,
                                                            std::string_view text);

/// The parts of "a|b|c".
[[nodiscard]] std::vector<std::string_view> split_choices(std::string_view choices);

}  // namespace baedal::config
