#include "services/gateway/outbound/cors_file.hpp"

#include <cctype>
#include <limits>

#include "kernel/text.hpp"
#include "platform/log/log.hpp"
#include "services/gateway/outbound/routes_yaml.hpp"
#include "services/gateway/routing/arguments.hpp"

namespace baedal::gateway {
namespace {

/// "allowed-origins", "allowedOrigins" → "allowedorigins".
std::string plain_key(const YAML::Node& node) {
  std::string key;
  for (const char c : node.as<std::string>()) {
    if (c != '-') key += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return key;
}

/// A list, or "a, b".
Result<std::vector<std::string>> read_words(const YAML::Node& node) {
  if (node.IsScalar()) return split_list(node.as<std::string>());
  if (!node.IsSequence()) return bad(node, "this must be a list.");
  std::vector<std::string> words;
  for (const auto& word : node) {
    const auto text = word.as<std::string>();
    words.emplace_back(trim(text));
  }
  return words;
}

Result<void> read_origins(const YAML::Node& node, CorsRule& rule) {
  auto words = read_words(node);
  if (!words) return pass_on(words);
  for (std::string& word : *words) {
    if (word == "*") {
      rule.everyone = true;
      continue;
    }
    if (word.ends_with('/')) word.pop_back();
    const bool whole = word == "null" || word.find("://") != std::string::npos;
    if (!whole || word.find('*') != std::string::npos) {
      return bad(node, "\"" + word + "\" is no origin as https://shop.example.com; one with a * " +
                           "belongs to allowedOriginPatterns.");
    }
    rule.origins.push_back(std::move(word));
  }
  return {};
}

Result<void> read_origin_patterns(const YAML::Node& node, CorsRule& rule) {
  auto words = read_words(node);
  if (!words) return pass_on(words);
  for (const std::string& word : *words) {
    if (word == "*") {
      rule.everyone = true;
      continue;
    }
    auto pattern = compile_origin_pattern(word);
    if (!pattern) return bad(node, "\"" + word + "\": " + pattern.error().detail);
    rule.origin_patterns.push_back(std::move(*pattern));
  }
  return {};
}

Result<void> read_max_age(const YAML::Node& node, CorsRule& rule) {
  const auto seconds = parse_int64(node.as<std::string>());
  if (!seconds || *seconds < -1 || *seconds > std::numeric_limits<std::int32_t>::max()) {
    return bad(node, "maxAge must be a number of seconds.");
  }
  rule.max_age = *seconds;
  return {};
}

Result<void> read_member(const YAML::Node& name, const YAML::Node& node, CorsRule& rule) {
  const std::string key = plain_key(name);
  if (key == "allowedorigins") return read_origins(node, rule);
  if (key == "allowedoriginpatterns") return read_origin_patterns(node, rule);
  if (key == "maxage") return read_max_age(node, rule);
  if (key == "allowcredentials") {
    rule.credentials = node.as<bool>();
    return {};
  }
  if (key != "allowedmethods" && key != "allowedheaders" && key != "exposedheaders") {
    return bad(name, "unknown key \"" + name.as<std::string>() + "\".");
  }
  auto words = read_words(node);
  if (!words) return pass_on(words);
  if (key == "allowedmethods") rule.methods = std::move(*words);
  if (key == "allowedheaders") rule.headers = std::move(*words);
  if (key == "exposedheaders") {
    for (const std::string& word : *words) {
      rule.exposed_headers += (rule.exposed_headers.empty() ? "" : ", ") + word;
    }
  }
  return {};
}

/// '[/orders/**]': in brackets, or Spring would take the slashes and stars out.
Result<CorsRule> read_rule(const YAML::Node& name, const YAML::Node& node) {
  auto text = name.as<std::string>();
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  auto paths = PathPattern::parse(text);
  if (!paths) return bad(name, paths.error().detail);
  CorsRule rule{.paths = std::move(*paths)};
  if (!node.IsNull() && !node.IsMap()) return bad(node, "a CORS configuration must be a map.");
  for (const auto& member : node) {
    // A key without a value sets nothing, as in Spring.
    if (member.second.IsNull()) continue;
    if (auto read = read_member(member.first, member.second, rule); !read) return pass_on(read);
  }
  if (rule.everyone && rule.credentials) {
    log::warn("gateway", "CORS for every origin is without credentials",
              {{"line", name.Mark().line + 1}, {"paths", rule.paths.text()}});
  }
  return rule;
}

}  // namespace

Result<std::shared_ptr<const Cors>> read_cors(const YAML::Node& globalcors) {
  std::vector<CorsRule> rules;
  if (globalcors && !globalcors.IsNull() && !globalcors.IsMap()) {
    return bad(globalcors, "globalcors must be a map.");
  }
  for (const auto& member : globalcors) {
    const std::string key = plain_key(member.first);
    // Preflights are answered before routes are looked for, whatever Spring's switch for that says.
    if (key == "addtosimpleurlhandlermapping") continue;
    if (key != "corsconfigurations") {
      return bad(member.first, "unknown key \"" + member.first.as<std::string>() + "\".");
    }
    if (!member.second.IsNull() && !member.second.IsMap()) {
      return bad(member.second, "cors-configurations must be a map of paths.");
    }
    for (const auto& each : member.second) {
      auto rule = read_rule(each.first, each.second);
      if (!rule) return pass_on(rule);
      rules.push_back(std::move(*rule));
    }
  }
  if (rules.empty()) return nullptr;
  return std::make_shared<const Cors>(std::move(rules));
}

}  // namespace baedal::gateway
