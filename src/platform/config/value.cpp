#include "platform/config/value.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <utility>

#include "kernel/text.hpp"
#include "platform/config/masked.hpp"

namespace baedal::config {
namespace {

struct Unit {
  std::string_view suffix;
  std::int64_t factor;
};

constexpr std::array kDurationUnits{Unit{"ms", 1}, Unit{"s", 1'000}, Unit{"m", 60'000},
                                    Unit{"h", 3'600'000}, Unit{"d", 86'400'000}};
constexpr std::array kSizeUnits{Unit{"B", 1}, Unit{"KiB", 1LL << 10}, Unit{"MiB", 1LL << 20},
                                Unit{"GiB", 1LL << 30}, Unit{"", 1}};
constexpr std::size_t kListItemsMax = 256;

/// "30s" → 30 × the factor of "s"; nullopt when it is not that, or does not fit.
template <std::size_t kUnits>
std::optional<std::int64_t> parse_with_unit(std::string_view text,
                                            const std::array<Unit, kUnits>& units) {
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto count = parse_int64(text.substr(0, digits));
  const auto* unit = std::ranges::find(units, text.substr(digits), &Unit::suffix);
  if (!count || unit == units.end()) return std::nullopt;
  if (*count > std::numeric_limits<std::int64_t>::max() / unit->factor) return std::nullopt;
  return *count * unit->factor;
}

std::optional<std::int64_t> parse_number(Type type, std::string_view text) {
  switch (type) {
    case Type::kDuration:
      return parse_with_unit(text, kDurationUnits);
    case Type::kSize:
      return parse_with_unit(text, kSizeUnits);
    case Type::kBoolean:
      if (text == "true") return 1;
      if (text == "false") return 0;
      return std::nullopt;
    case Type::kInteger:
    case Type::kText:
    case Type::kList:
    case Type::kChoice:
    case Type::kDocument:
      return parse_int64(text);
  }
  return std::nullopt;
}

std::string_view form_of(Type type) {
  switch (type) {
    case Type::kInteger:
      return "a whole number";
    case Type::kDuration:
      return "a duration such as 250ms, 30s, 5m or 24h";
    case Type::kSize:
      return "a size such as 512B, 64KiB or 1MiB";
    case Type::kBoolean:
      return "true or false";
    case Type::kText:
    case Type::kList:
    case Type::kChoice:
    case Type::kDocument:
      break;
  }
  return "text";
}

std::string shown(const Setting& setting, std::string_view text) {
  if (setting.secret) return "the secret value";
  return "'" + masked(text) + "'";  // a password in a URL is a secret wherever it stands
}

/// Whether `number` lies within the bounds of the setting; what it is too much of, otherwise.
std::optional<std::string> out_of_bounds(const Setting& setting, std::int64_t number,
                                         const std::string& subject) {
  const auto bound = [&](std::string_view text) { return parse_number(setting.type, text); };
  if (!setting.min.empty() && number < bound(setting.min)) {
    return subject + " is below the least value, " + std::string{setting.min};
  }
  if (!setting.max.empty() && number > bound(setting.max)) {
    return subject + " is above the greatest value, " + std::string{setting.max};
  }
  return std::nullopt;
}

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> items;
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    if (const auto item = trim(text.substr(0, comma)); !item.empty()) items.emplace_back(item);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return items;
}

std::expected<Value, std::string> parse_counted(const Setting& setting, std::string_view text) {
  const auto number = parse_number(setting.type, text);
  if (!number) {
    return std::unexpected(shown(setting, text) + " is not " + std::string{form_of(setting.type)});
  }
  if (auto wrong = out_of_bounds(setting, *number, shown(setting, text))) {
    return std::unexpected(std::move(*wrong));
  }
  return Value{std::string{text}, *number};
}

std::expected<Value, std::string> parse_text(const Setting& setting, std::string_view text) {
  const auto length = static_cast<std::int64_t>(text.size());
  if (auto wrong = out_of_bounds(setting, length, "a length of " + std::to_string(length))) {
    return std::unexpected(std::move(*wrong));
  }
  if (setting.check != nullptr) {
    if (auto wrong = setting.check(text)) {
      return std::unexpected(shown(setting, text) + " " + std::move(*wrong));
    }
  }
  return Value{std::string{text}};
}

std::expected<Value, std::string> parse_list(const Setting& setting, std::string_view text) {
  Value value{std::string{text}, 0, split_list(text)};
  const auto count = value.items.size();
  if (count > kListItemsMax) return std::unexpected("has more than 256 items");
  if (auto wrong = out_of_bounds(setting, static_cast<std::int64_t>(count),
                                 "a list of " + std::to_string(count))) {
    return std::unexpected(std::move(*wrong));
  }
  for (const std::string& item : value.items) {
    if (setting.check == nullptr) break;
    if (auto wrong = setting.check(item)) {
      return std::unexpected(shown(setting, item) + " " + std::move(*wrong));
    }
  }
  return value;
}

std::expected<Value, std::string> parse_choice(const Setting& setting, std::string_view text) {
  const auto choices = split_choices(setting.choices);
  const auto chosen = std::ranges::find(choices, text);
  if (chosen != choices.end()) return Value{std::string{text}, chosen - choices.begin()};
  std::string message = shown(setting, text) + " is not one of ";
  for (std::size_t i = 0; i < choices.size(); ++i) {
    if (i > 0) message += ", ";
    message += choices[i];
  }
  return std::unexpected(std::move(message));
}

}  // namespace

std::vector<std::string_view> split_choices(std::string_view choices) {
  std::vector<std::string_view> parts;
  while (!choices.empty()) {
    const auto bar = std::min(choices.find('|'), choices.size());
    parts.push_back(choices.substr(0, bar));
    choices.remove_prefix(std::min(bar + 1, choices.size()));
  }
  return parts;
}

std::expected<Value, std::string> parse_value(const Setting& setting, std::string_view text) {
  switch (setting.type) {
    case Type::kInteger:
    case Type::kDuration:
    case Type::kSize:
    case Type::kBoolean:
      return parse_counted(setting, text);
    case Type::kText:
      return parse_text(setting, text);
    case Type::kDocument:
      return Value{std::string{text}};
    case Type::kList:
      return parse_list(setting, text);
    case Type::kChoice:
      return parse_choice(setting, text);
  }
  return std::unexpected("has an unknown type");
}

std::string environment_name(std::string_view setting_name) {
  std::string name = "BAEDAL_";
  for (const char c : setting_name) {
    if (c == '.' || c == '-') {
      name += '_';
    } else {
      name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    }
  }
  return name;
}

std::string_view to_string(Type type) {
  switch (type) {
    case Type::kInteger:
      return "integer";
    case Type::kDuration:
      return "duration";
    case Type::kSize:
      return "size";
    case Type::kText:
      return "text";
    case Type::kBoolean:
      return "boolean";
    case Type::kList:
      return "list";
    case Type::kChoice:
      return "choice";
    case Type::kDocument:
      return "document";
  }
  return "";
}

}  // namespace baedal::config
