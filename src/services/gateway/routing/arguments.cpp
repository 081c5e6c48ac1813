#include "services/gateway/routing/arguments.hpp"

#include <algorithm>
#include <array>

#include "kernel/text.hpp"

namespace baedal::gateway {
namespace {

/// "burst-capacity" → "burstcapacity"
std::string relaxed(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == '-' || c == '_') continue;
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  return out;
}

struct Unit {
  std::string_view suffix;
  std::int64_t factor;
};

std::optional<std::int64_t> with_unit(std::string_view text, std::span<const Unit> units) {
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto number = parse_int64(text.substr(0, digits));
  const std::string suffix = relaxed(text.substr(digits));
  for (const Unit& unit : units) {
    if (number && unit.suffix == suffix && *number < (std::int64_t{1} << 40)) {
      return *number * unit.factor;
    }
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    words.emplace_back(trim(text.substr(0, comma)));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return words;
}

Arguments Arguments::positional(std::string_view text) {
  Arguments arguments;
  arguments.positional_ = split_list(text);
  return arguments;
}

Arguments Arguments::named(Named named) {
  Arguments arguments;
  arguments.named_ = std::move(named);
  arguments.used_.resize(arguments.named_.size());
  return arguments;
}

void Arguments::order(std::initializer_list<std::string_view> names, bool rest_to_last) {
  std::size_t at = 0;
  for (const auto* name = names.begin(); name != names.end(); ++name) {
    if (at >= positional_.size()) return;
    std::string value = positional_[at++];
    const bool last = name + 1 == names.end();
    while (last && rest_to_last && at < positional_.size()) value += "," + positional_[at++];
    named_.emplace_back(*name, std::move(value));
    used_.push_back(false);
  }
  if (at < positional_.size()) reject("has too many arguments");
}

std::optional<std::string> Arguments::find(std::string_view name) {
  const std::string wanted = relaxed(name);
  for (std::size_t i = 0; i < named_.size(); ++i) {
    if (relaxed(named_[i].first) != wanted) continue;
    used_[i] = true;
    return named_[i].second;
  }
  return std::nullopt;
}

std::string Arguments::text(std::string_view name) {
  auto value = find(name);
  if (!value) reject("needs the argument " + std::string{name});
  return value.value_or("");
}

std::int64_t Arguments::integer(std::string_view name, std::optional<std::int64_t> otherwise,
                                std::int64_t min, std::int64_t max) {
  const auto value = find(name);
  if (!value && otherwise) return *otherwise;
  const auto number = value ? parse_int64(*value) : std::nullopt;
  if (number && *number >= min && *number <= max) return *number;
  reject("needs " + std::string{name} + " from " + std::to_string(min) + " to " +
         std::to_string(max));
  return min;
}

std::chrono::milliseconds Arguments::duration(std::string_view name,
                                              std::chrono::milliseconds otherwise) {
  static constexpr std::array<Unit, 4> kUnits{{{"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"", 1}}};
  const auto value = find(name);
  if (!value) return otherwise;
  std::string_view text = *value;
  if (text.starts_with("PT")) text.remove_prefix(2);
  if (const auto millis = with_unit(text, kUnits)) return std::chrono::milliseconds{*millis};
  reject("has no duration in " + std::string{name});
  return otherwise;
}

std::uint64_t Arguments::size(std::string_view name, std::uint64_t otherwise) {
  static constexpr std::array<Unit, 4> kUnits{
      {{"b", 1}, {"kb", 1 << 10}, {"mb", 1 << 20}, {"", 1}}};
  const auto value = find(name);
  if (!value) return otherwise;
  if (const auto bytes = with_unit(*value, kUnits)) return static_cast<std::uint64_t>(*bytes);
  reject("has no size in " + std::string{name});
  return otherwise;
}

std::vector<std::string> Arguments::list(std::string_view name) {
  return split_list(find(name).value_or(""));
}

void Arguments::reject(std::string what) {
  if (problem_.empty()) problem_ = std::move(what);
}

Result<void> Arguments::finish() {
  const auto unused = std::ranges::find(used_, false);
  if (unused != used_.end()) {
    reject("has no argument " + named_[static_cast<std::size_t>(unused - used_.begin())].first);
  }
  if (problem_.empty()) return {};
  return fail(ErrorKind::kInvalid, "bad-routes", problem_);
}

std::string Arguments::shown() const {
  std::string text;
  for (const auto& [name, value] : named_) {
    if (!text.empty()) text += ", ";
    text.append(name).append(" = '").append(value).append("'");
  }
  return text;
}

}  // namespace baedal::gateway
