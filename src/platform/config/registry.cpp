#include "platform/config/registry.hpp"

#include <algorithm>
#include <vector>

#include "platform/config/value.hpp"

namespace baedal::config {
namespace {

constexpr std::string_view kFileSuffix = "-file";
constexpr std::string_view kFileSuffixEnvironment = "_FILE";

/// Lower-case words of letters and digits, joined by '-' inside a level and '.' between levels.
bool well_formed(std::string_view name) {
  bool word_open = false;
  for (const char c : name) {
    const bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (!word && (!word_open || (c != '.' && c != '-'))) return false;
    word_open = word;
  }
  return word_open;
}

/// Edits (insert, delete, replace) that make one text the other.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

template <class Map>
std::string nearest_key(const Map& known, std::string_view name) {
  std::string_view best;
  std::size_t best_distance = std::max<std::size_t>(2, name.size() / 3) + 1;
  for (const auto& [candidate, unused] : known) {
    const std::size_t distance = edit_distance(candidate, name);
    if (distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return std::string{best};
}

std::unexpected<Error> refuse(const Setting& setting, std::string_view why) {
  return fail(ErrorKind::kInvalid, "bad-setting-table",
              std::string{setting.name} + ": " + std::string{why});
}

}  // namespace

Result<void> Registry::add(std::span<const Setting> table) {
  for (const Setting& setting : table) {
    if (auto added = add_one(setting); !added) return added;
  }
  return {};
}

Result<void> Registry::add_one(const Setting& setting) {
  if (!well_formed(setting.name)) return refuse(setting, "is not a setting's name");
  if (setting.description.empty()) return refuse(setting, "has no description");
  for (const std::string_view bound : {setting.min, setting.max}) {
    Setting unbounded = setting;
    unbounded.min = unbounded.max = {};
    const bool counts = setting.type == Type::kText || setting.type == Type::kList;
    if (counts) unbounded.type = Type::kInteger;
    if (!bound.empty() && !parse_value(unbounded, bound)) return refuse(setting, "has a bad bound");
  }
  if (auto value = parse_value(setting, setting.default_value); !value) {
    return refuse(setting, "has a bad default: " + value.error());
  }
  if (settings_.contains(setting.name)) return refuse(setting, "is declared twice");
  const auto [other, free] = by_environment_.emplace(environment_name(setting.name), setting.name);
  if (!free) {
    return refuse(setting, "has the environment variable of " + std::string{other->second});
  }
  if (!setting.short_flag.empty() && (settings_.contains(setting.short_flag) ||
                                      !by_flag_.emplace(setting.short_flag, setting.name).second)) {
    return refuse(setting, "has a flag that is taken");
  }
  settings_.emplace(setting.name, setting);
  return {};
}

const Setting* Registry::find(std::string_view name) const {
  if (const auto at = settings_.find(name); at != settings_.end()) return &at->second;
  const auto flag = by_flag_.find(name);
  return flag == by_flag_.end() ? nullptr : &settings_.at(flag->second);
}

const Setting* Registry::find_environment(std::string_view variable) const {
  const auto at = by_environment_.find(variable);
  return at == by_environment_.end() ? nullptr : &settings_.at(at->second);
}

const Setting* Registry::find_secret_of_file(std::string_view name) const {
  const Setting* setting = nullptr;
  if (name.ends_with(kFileSuffix)) {
    setting = find(name.substr(0, name.size() - kFileSuffix.size()));
  } else if (name.ends_with(kFileSuffixEnvironment)) {
    setting = find_environment(name.substr(0, name.size() - kFileSuffixEnvironment.size()));
  }
  return setting != nullptr && setting->secret ? setting : nullptr;
}

std::string Registry::nearest(std::string_view name) const { return nearest_key(settings_, name); }

std::string Registry::nearest_environment(std::string_view variable) const {
  return nearest_key(by_environment_, variable);
}

}  // namespace baedal::config
