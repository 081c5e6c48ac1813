#include "platform/config/load.hpp"

#include <unistd.h>

#include <algorithm>
#include <optional>

#include "kernel/text.hpp"
#include "platform/config/given.hpp"
#include "platform/config/masked.hpp"

namespace baedal::config {
namespace {

constexpr std::string_view kPrefix = "BAEDAL_";
constexpr std::string_view kFileSetting = "config.file";
constexpr std::size_t kFileBytesMax = 1024 * 1024;
constexpr std::size_t kSecretBytesMax = 64 * 1024;

void append(Reading& to, Reading from) {
  for (Given& given : from.given) to.given.push_back(std::move(given));
  for (Problem& problem : from.problems) to.problems.push_back(std::move(problem));
}

/// Whether an orchestrator made that variable for a service called "baedal" or "baedal-…".
bool is_service_link(std::string_view variable, std::string_view value) {
  return variable.ends_with("_SERVICE_HOST") || variable.ends_with("_SERVICE_PORT") ||
         variable.find("_SERVICE_PORT_") != std::string_view::npos ||
         variable.find("_TCP_") != std::string_view::npos ||
         variable.find("_UDP_") != std::string_view::npos || value.starts_with("tcp://") ||
         value.starts_with("udp://");
}

std::string did_you_mean(const std::string& nearest) {
  return nearest.empty() ? "is no known setting"
                         : "is no known setting; did you mean " + nearest + "?";
}

Reading read_environment(const Registry& registry, const Sources& sources) {
  Reading reading;
  for (const auto& [variable, text] : sources.environment) {
    if (!variable.starts_with(kPrefix)) continue;
    const Origin origin{Source::kEnvironment, variable};
    if (const Setting* setting = registry.find_environment(variable);
        setting != nullptr && !is_service_link(variable, text)) {
      reading.given.push_back({std::string{setting->name}, text, origin});
    } else if (const Setting* secret = registry.find_secret_of_file(variable)) {
      reading.given.push_back({std::string{secret->name} + "-file", text, origin});
    } else if (!is_service_link(variable, text)) {
      reading.problems.push_back(
          {variable, "environment", did_you_mean(registry.nearest_environment(variable))});
    }
  }
  return reading;
}

/// Whether a boolean flag stands alone ("--access-log.enabled"), which means true.
bool stands_alone(const Setting* setting, const std::vector<std::string>& flags, std::size_t next) {
  if (setting == nullptr || setting->type != Type::kBoolean) return false;
  return next == flags.size() || flags[next].starts_with("--");
}

Reading read_flags(const Registry& registry, const std::vector<std::string>& flags) {
  Reading reading;
  for (std::size_t i = 0; i < flags.size(); ++i) {
    const std::string& flag = flags[i];
    if (!flag.starts_with("--") || flag.size() == 2) {
      reading.problems.push_back({masked(flag), "command line", "is not expected here"});
      continue;
    }
    const auto equals = std::min(flag.find('='), flag.size());
    const std::string name = flag.substr(2, equals - 2);
    const Setting* setting = registry.find(name);
    if (setting != nullptr && setting->secret) {
      reading.problems.push_back({name, "command line",
                                  "is a secret, and the command line is for everybody to read: "
                                  "give it by " +
                                      name + "-file or the environment"});
      if (equals == flag.size() && i + 1 < flags.size()) ++i;
      continue;
    }
    std::string text = "true";
    if (equals < flag.size()) {
      text = flag.substr(equals + 1);
    } else if (!stands_alone(setting, flags, i + 1)) {
      const bool known = setting != nullptr || registry.find_secret_of_file(name) != nullptr;
      if (i + 1 == flags.size() || flags[i + 1].starts_with("--")) {
        reading.problems.push_back(
            {name, flag, known ? "has no value" : did_you_mean(registry.nearest(name))});
        continue;
      }
      text = flags[++i];
    }
    reading.given.push_back({setting != nullptr ? std::string{setting->name} : name,
                             text,
                             {Source::kFlag, "--" + name}});
  }
  return reading;
}

/// The last one of that name; flags come after the environment.
std::optional<std::string> last_given(const Reading& reading, std::string_view name) {
  std::optional<std::string> text;
  for (const Given& given : reading.given) {
    if (given.name == name) text = given.text;
  }
  return text;
}

Reading read_configuration_file(const Registry& registry, const std::string& path) {
  const auto content = read_file(path, kFileBytesMax);
  if (!content) return {{}, {{path, std::string{kFileSetting}, content.error()}}};
  Reading reading = read_yaml(registry, *content, path);
  if (last_given(reading, kFileSetting)) {
    reading.problems.push_back({std::string{kFileSetting}, path, "cannot be set by a file"});
  }
  return reading;
}

/// Checks what was given and lays it over the defaults.
class Resolver {
 public:
  explicit Resolver(const Registry& registry) : registry_(registry) {
    for (const auto& [name, setting] : registry.settings()) {
      entries_.emplace(name,
                       Settings::Entry{setting, *parse_value(setting, setting.default_value), {}});
    }
  }

  void lay(Given given, std::vector<Problem>& problems) {
    const Setting* setting = registry_.find(given.name);
    const Setting* secret =
        setting == nullptr ? registry_.find_secret_of_file(given.name) : nullptr;
    if (secret != nullptr) {
      const auto content = read_file(given.text, kSecretBytesMax);
      if (!content) {
        problems.push_back({given.name, given.origin.where, given.text + " " + content.error()});
        return;
      }
      setting = secret;
      given.text = content->substr(0, content->find_last_not_of("\r\n") + 1);
    }
    if (setting == nullptr) {
      problems.push_back(
          {given.name, given.origin.where, did_you_mean(registry_.nearest(given.name))});
      return;
    }
    set(*setting, given, problems);
  }

  Settings::Entries take() { return std::move(entries_); }

 private:
  void set(const Setting& setting, const Given& given, std::vector<Problem>& problems) {
    auto value = parse_value(setting, given.text);
    if (!value) {
      problems.push_back({std::string{setting.name}, given.origin.where, value.error()});
      return;
    }
    Settings::Entry& entry = entries_.at(setting.name);
    // "x.key" and "x.key-file" side by side: which one is meant cannot be guessed.
    if (setting.secret && entry.origin.source == given.origin.source) {
      problems.push_back({std::string{setting.name}, given.origin.where,
                          "is given twice, first by " + entry.origin.where});
      return;
    }
    entry.value = std::move(*value);
    entry.origin = given.origin;
  }

  const Registry& registry_;
  Settings::Entries entries_;
};

Error to_error(const std::vector<Problem>& problems) {
  Error error{ErrorKind::kInvalid, "bad-configuration", {}};
  for (const Problem& problem : problems) {
    if (!error.detail.empty()) error.detail += '\n';
    error.detail += problem.name + " (" + problem.where + "): " + problem.message;
    error.fields.push_back({problem.name, problem.message, {}});
  }
  return error;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> process_environment() {
  std::vector<std::pair<std::string, std::string>> variables;
  for (char** at = environ; at != nullptr && *at != nullptr; ++at) {
    const std::string_view entry{*at};
    const auto equals = entry.find('=');
    if (equals == std::string_view::npos) continue;
    variables.emplace_back(entry.substr(0, equals), entry.substr(equals + 1));
  }
  return variables;
}

Result<Settings> load(const Registry& registry, const Sources& sources) {
  Reading above = read_environment(registry, sources);
  append(above, read_flags(registry, sources.flags));

  Reading all;
  if (const auto path = last_given(above, kFileSetting); path && !path->empty()) {
    all = read_configuration_file(registry, *path);
  }
  append(all, std::move(above));

  Resolver resolver{registry};
  for (Given& given : all.given) resolver.lay(std::move(given), all.problems);
  if (!all.problems.empty()) return std::unexpected(to_error(all.problems));
  return Settings{resolver.take()};
}

}  // namespace baedal::config
