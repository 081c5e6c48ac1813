#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace baedal::config {

/// The forms a value can have. All of them are written as text in a file, the environment or a
/// flag.
enum class Type {
  kInteger,   ///< "8080"
  kDuration,  ///< "250ms", "30s", "5m", "24h", "7d"
  kSize,      ///< "512B", "64KiB", "1MiB", "2GiB"; a bare number is bytes
  kText,
  kBoolean,   ///< true, false
  kList,      ///< a YAML sequence, or "a,b,c"
  kChoice,    ///< one of `choices`
  kDocument,  ///< a YAML subtree, handed to its owner as text (routes of a gateway)
};

/// Says what is wrong with a value, as the end of a sentence; nullopt when nothing is.
using Check = std::optional<std::string> (*)(std::string_view value);

/// One setting, declared once: the file key, the environment variable, the flag, the validation and
/// the documentation all come from it. Defaults and bounds are written as a user would write them.
///
/// Every module declares its own table and main adds them all to one Registry:
///
///   inline constexpr Setting kPaymentSettings[] = {
///       {.name = "payment.provider-timeout", .type = Type::kDuration, .default_value = "3s",
///        .min = "1ms", .max = "1m", .description = "How long one call of the provider may take."},
///   };
struct Setting {
  std::string_view name;  ///< "http.port": lower case, '.' between levels, '-' between words
  Type type = Type::kText;
  std::string_view default_value{};
  /// Inclusive bounds, in the form of the value; of the length in bytes for text, of the number of
  /// items for lists. Empty: no bound.
  std::string_view min{};
  std::string_view max{};
  std::string_view choices{};  ///< "text|json", for kChoice
  std::string_view unit{};     ///< for people: "connections"
  std::string_view description{};
  std::string_view short_flag{};  ///< "port": also accepted as --port
  bool secret = false;            ///< never printed; may come from a file, see Registry
  bool needs_restart = true;
  Check check = nullptr;  ///< a rule of its own, for text, and for each item of a list
};

/// "http.port" → "BAEDAL_HTTP_PORT".
[[nodiscard]] std::string environment_name(std::string_view setting_name);

/// "integer", "duration", …
[[nodiscard]] std::string_view to_string(Type type);

}  // namespace baedal::config
