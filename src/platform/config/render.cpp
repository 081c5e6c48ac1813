#include "platform/config/render.hpp"

#include <algorithm>

#include "kernel/json/writer.hpp"
#include "platform/config/masked.hpp"
#include "platform/config/value.hpp"

namespace baedal::config {
namespace {

constexpr std::string_view kIntroduction =
    R"(# Configuration

This page is written by `baedal config docs`; do not edit it by hand.

A setting comes from, each one winning over those before it:

1. its default,
2. the YAML file that `config.file` names (`--config.file baedal.yaml` or `BAEDAL_CONFIG_FILE`);
   `http.port` may also be written as `port` below `http`,
3. the environment: `http.port` is `BAEDAL_HTTP_PORT`,
4. a flag: `--http.port 8081` or `--http.port=8081`.

An unknown name or a value out of bounds ends the start with a sentence that names it, for flags,
for the file, and for variables that begin with `BAEDAL_`. `baedal config check` tries a
configuration without starting, `baedal config print` shows every value and where it came from.

Durations are written `250ms`, `30s`, `5m`, `24h`, `7d`; sizes `512B`, `64KiB`, `1MiB`, `2GiB`;
lists as a YAML sequence or `a,b,c`. A secret `x.key` can also be the path of a file that holds it:
`x.key-file`, `BAEDAL_X_KEY_FILE`.
)";

std::string_view section_of(std::string_view name) { return name.substr(0, name.find('.')); }

/// A YAML scalar that reads back as `text`: plain where that is safe, else quoted as JSON, which is
/// YAML too.
std::string yaml_scalar(std::string_view text) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '/' || c == '_';
  };
  if (!text.empty() && std::ranges::all_of(text, plain)) return std::string{text};
  std::string quoted;
  json::append_string(quoted, text);
  return quoted;
}

std::string value_line(const Settings::Entry& entry) {
  const std::string name{entry.setting.name};
  const std::string origin = "  # " + entry.origin.where + "\n";
  if (entry.setting.name == "config.file") return "# config.file: " + entry.value.text + origin;
  if (entry.setting.secret) {
    return "# " + name + ": " + (entry.value.text.empty() ? "" : "***") + origin;
  }
  // Without its password a value is no longer the one to be read back.
  const std::string shown = masked(entry.value.text);
  return (shown == entry.value.text ? "" : "# ") + name + ": " + yaml_scalar(shown) + origin;
}

std::string bounds(const Setting& setting) {
  if (setting.min.empty() && setting.max.empty()) return "";
  if (setting.max.empty()) return ", at least " + std::string{setting.min};
  if (setting.min.empty()) return ", at most " + std::string{setting.max};
  return ", " + std::string{setting.min} + " to " + std::string{setting.max};
}

std::string form(const Setting& setting) {
  if (setting.type == Type::kChoice) {
    std::string text;
    for (const std::string_view choice : split_choices(setting.choices)) {
      if (!text.empty()) text += ", ";
      text += "`" + std::string{choice} + "`";
    }
    return text;
  }
  std::string text{to_string(setting.type)};
  if (setting.type == Type::kText && !(setting.min.empty() && setting.max.empty())) {
    text += ", length" + bounds(setting).substr(1);
  } else if (setting.type == Type::kList && !(setting.min.empty() && setting.max.empty())) {
    text += ", items" + bounds(setting).substr(1);
  } else {
    text += bounds(setting);
  }
  if (!setting.unit.empty()) text += " (" + std::string{setting.unit} + ")";
  return text;
}

std::string table_row(const Setting& setting) {
  std::string row = "| `" + std::string{setting.name} + "` | ";
  if (!setting.short_flag.empty()) row += "also `--" + std::string{setting.short_flag} + "`<br>";
  row += "`" + environment_name(setting.name) + "` | " + form(setting) + " | ";
  if (!setting.default_value.empty()) row += "`" + std::string{setting.default_value} + "`";
  row += " | " + std::string{setting.description};
  if (setting.secret) row += " Secret.";
  if (!setting.needs_restart) row += " Can change while running.";
  return row + " |\n";
}

}  // namespace

std::string print(const Settings& settings) {
  std::string text;
  for (const auto& [name, entry] : settings.entries()) text += value_line(entry);
  return text;
}

std::string docs(const Registry& registry) {
  std::string text{kIntroduction};
  std::string_view section;
  for (const auto& [name, setting] : registry.settings()) {
    if (section_of(name) != section) {
      section = section_of(name);
      text += "\n## " + std::string{section} +
              "\n\n| Setting | Environment | Value | Default | Meaning |\n|---|---|---|---|---|\n";
    }
    text += table_row(setting);
  }
  return text;
}

}  // namespace baedal::config
