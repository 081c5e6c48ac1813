#include "services/gateway/outbound/routes_file.hpp"

#include <yaml-cpp/yaml.h>

#include <fstream>
#include <iterator>
#include <optional>

#include "kernel/text.hpp"

namespace baedal::gateway {
namespace {

std::unexpected<Error> bad(const YAML::Node& node, const std::string& what) {
  return fail(ErrorKind::kInvalid, "bad-routes",
              "Routes, line " + std::to_string(node.Mark().line + 1) + ": " + what);
}

std::vector<std::string> split(std::string_view list) {
  std::vector<std::string> words;
  while (!list.empty()) {
    const auto comma = list.find(',');
    words.emplace_back(trim(list.substr(0, comma)));
    list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
  }
  return words;
}

std::optional<http::Method> parse_method(std::string_view word) {
  using enum http::Method;
  for (const auto method : {kGet, kHead, kPost, kPut, kPatch, kDelete, kOptions}) {
    if (http::to_string(method) == word) return method;
  }
  return std::nullopt;
}

/// "http://order:8080" → "order"; lb:// and https:// too.
std::string host_of(std::string_view uri) {
  const auto scheme = uri.find("://");
  if (scheme == std::string_view::npos) return {};
  uri = uri.substr(scheme + 3);
  return std::string{uri.substr(0, uri.find_first_of(":/"))};
}

/// A predicate in the short form "Name=arguments".
Result<void> read_predicate(const YAML::Node& node, Route& route) {
  if (!node.IsScalar()) return bad(node, "a predicate must be written Name=arguments.");
  const std::string text = node.as<std::string>();
  const auto equals = text.find('=');
  const std::string name{trim(std::string_view{text}.substr(0, equals))};
  const std::string arguments = equals == std::string::npos ? "" : text.substr(equals + 1);
  if (name == "Path") {
    for (const std::string& word : split(arguments)) {
      auto pattern = PathPattern::parse(word);
      if (!pattern) return bad(node, pattern.error().detail);
      route.paths.push_back(std::move(*pattern));
    }
    return {};
  }
  if (name == "Method") {
    for (const std::string& word : split(arguments)) {
      const auto method = parse_method(word);
      if (!method) return bad(node, "unknown method \"" + word + "\".");
      route.methods.push_back(*method);
    }
    return {};
  }
  return bad(node, "unknown predicate \"" + name + "\".");
}

Result<Route> read_route(const YAML::Node& node) {
  if (!node.IsMap()) return bad(node, "a route must be a map.");
  Route route;
  for (const auto& member : node) {
    const auto key = member.first.as<std::string>();
    if (key == "id")
      route.id = member.second.as<std::string>();
    else if (key == "uri")
      route.uri = member.second.as<std::string>();
    else if (key == "order")
      route.order = member.second.as<int>();
    else if (key == "predicates") {
      for (const auto& predicate : member.second) {
        if (auto read = read_predicate(predicate, route); !read) return pass_on(read);
      }
    } else if (key == "filters" && member.second.size() > 0) {
      return bad(member.second, "unknown filter \"" + YAML::Dump(member.second[0]) + "\".");
    } else if (key != "metadata" && key != "filters") {
      return bad(member.first, "unknown key \"" + key + "\".");
    }
  }
  route.host = host_of(route.uri);
  if (route.id.empty() || route.host.empty())
    return bad(node, "a route needs an id and a uri with a host.");
  return route;
}

YAML::Node find_routes(const YAML::Node& root) {
  const YAML::Node gateway = root["spring"]["cloud"]["gateway"];
  if (!gateway) return {};
  if (gateway["routes"]) return gateway["routes"];
  return gateway["server"]["webflux"]["routes"];
}

}  // namespace

Result<RouteTable> parse_routes(const std::string& yaml) {
  try {
    const YAML::Node routes = find_routes(YAML::Load(yaml));
    if (!routes || !routes.IsSequence()) {
      return fail(ErrorKind::kInvalid, "bad-routes",
                  "There is no list spring.cloud.gateway.routes.");
    }
    std::vector<Route> table;
    for (const auto& node : routes) {
      auto route = read_route(node);
      if (!route) return pass_on(route);
      table.push_back(std::move(*route));
    }
    return RouteTable{std::move(table)};
  } catch (const YAML::Exception& e) {
    return fail(ErrorKind::kInvalid, "bad-routes",
                std::string{"The routes are not valid YAML: "} + e.what());
  }
}

Result<RouteTable> load_routes(const std::string& path) {
  std::ifstream file(path);
  std::string text{std::istreambuf_iterator<char>{file}, {}};
  if (!file)
    return fail(ErrorKind::kInvalid, "bad-routes", "The routes file " + path + " cannot be read.");
  return parse_routes(text);
}

}  // namespace baedal::gateway
