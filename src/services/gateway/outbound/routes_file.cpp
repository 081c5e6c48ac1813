#include "services/gateway/outbound/routes_file.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>

#include "kernel/text.hpp"
#include "services/gateway/outbound/cors_file.hpp"
#include "services/gateway/outbound/routes_yaml.hpp"
#include "services/gateway/routing/rate_limit_filter.hpp"

namespace baedal::gateway {
namespace {

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

/// Whether requests can go there; nothing here speaks TLS to upstreams.
bool is_reachable(std::string_view uri, bool by_name) {
  return uri.starts_with("http://") || (by_name && uri.starts_with("lb://"));
}

/// {key: v, nested: {key: v}, list: [a, b]} → key, nested.key, list = "a,b".
void flatten(const YAML::Node& node, const std::string& prefix, Arguments::Named& out) {
  for (const auto& member : node) {
    const std::string name = prefix + member.first.as<std::string>();
    if (member.second.IsMap()) {
      flatten(member.second, name + ".", out);
    } else if (member.second.IsSequence()) {
      std::string list;
      for (const auto& item : member.second) {
        if (!list.empty()) list += ',';
        list += item.as<std::string>();
      }
      out.emplace_back(name, std::move(list));
    } else {
      out.emplace_back(name, member.second.as<std::string>());
    }
  }
}

/// A predicate or filter as written: "Name=a,b", "Name", or {name: Name, args: {…}}.
struct Definition {
  std::string name;
  Arguments arguments;
};

Result<Definition> read_definition(const YAML::Node& node) {
  if (node.IsScalar()) {
    const std::string text = node.as<std::string>();
    const std::size_t equals = text.find('=');
    const std::string arguments = equals == std::string::npos ? "" : text.substr(equals + 1);
    return Definition{std::string{trim(std::string_view{text}.substr(0, equals))},
                      Arguments::positional(arguments)};
  }
  if (!node.IsMap() || !node["name"]) return bad(node, "it must be written Name=arguments.");
  Arguments::Named named;
  if (node["args"]) flatten(node["args"], "", named);
  return Definition{node["name"].as<std::string>(), Arguments::named(std::move(named))};
}

Result<void> read_paths(const YAML::Node& node, Arguments& arguments, Route& route) {
  arguments.order({"patterns"}, true);
  (void)arguments.find("matchTrailingSlash");
  for (const std::string& word : arguments.list("patterns")) {
    auto pattern = PathPattern::parse(word);
    if (!pattern) return bad(node, pattern.error().detail);
    route.paths.push_back(std::move(*pattern));
  }
  return {};
}

Result<void> read_methods(const YAML::Node& node, Arguments& arguments, Route& route) {
  arguments.order({"methods"}, true);
  for (const std::string& word : arguments.list("methods")) {
    const auto method = parse_method(word);
    if (!method) return bad(node, "unknown method \"" + word + "\".");
    route.methods.push_back(*method);
  }
  return {};
}

Result<void> read_predicate(const YAML::Node& node, const FilterTools& tools, Route& route) {
  auto definition = read_definition(node);
  if (!definition) return pass_on(definition);
  auto& [name, arguments] = *definition;
  if (name == "Path") return read_paths(node, arguments, route);
  if (name == "Method") return read_methods(node, arguments, route);
  if (name == "Weight") {
    constexpr std::int64_t kWeightMax = 1'000'000;
    arguments.order({"group", "weight"});
    route.weight_group = arguments.text("group");
    route.weight =
        static_cast<std::uint32_t>(arguments.integer("weight", std::nullopt, 0, kWeightMax));
    auto ok = arguments.finish();
    return ok ? ok : Result<void>{bad(node, "the predicate Weight " + ok.error().detail + ".")};
  }
  auto predicate = make_predicate(name, std::move(arguments), tools.clock);
  if (!predicate) return bad(node, predicate.error().detail);
  route.predicates.push_back(std::move(*predicate));
  return {};
}

Result<void> read_filters(const YAML::Node& nodes, const FilterTools& tools,
                          std::vector<FilterPointer>& filters) {
  for (const auto& node : nodes) {
    auto definition = read_definition(node);
    if (!definition) return pass_on(definition);
    auto filter = make_filter(definition->name, std::move(definition->arguments), tools);
    if (!filter) return bad(node, filter.error().detail);
    filters.push_back(std::move(*filter));
  }
  return {};
}

/// connect-timeout and response-timeout in milliseconds (negative: none), instances as URLs,
/// affinity: client or none. Other keys are their writer's own.
Result<void> read_metadata(const YAML::Node& node, Route& route) {
  for (const auto& member : node) {
    const auto key = member.first.as<std::string>();
    route.metadata.set(key, to_json(member.second));
    if (key == "connect-timeout") {
      route.connect_timeout = std::chrono::milliseconds{member.second.as<int>()};
    } else if (key == "response-timeout") {
      route.response_timeout = std::chrono::milliseconds{member.second.as<int>()};
    } else if (key == "instances") {
      if (!member.second.IsSequence()) return bad(member.second, "instances must be a list.");
      for (const auto& url : member.second) {
        route.instances.push_back(url.as<std::string>());
        if (!is_reachable(route.instances.back(), false)) {
          return bad(url,
                     "an instance must be http://host:port, not " + route.instances.back() + ".");
        }
      }
    } else if (key == "affinity") {
      const auto word = member.second.as<std::string>();
      if (word != "client" && word != "none") {
        return bad(member.second, "affinity must be client or none.");
      }
      route.affinity = word == "client" ? Affinity::kClient : Affinity::kNone;
    }
  }
  return {};
}

bool limits_rate(const FilterPointer& filter) {
  return filter->describe().starts_with("RequestRateLimiter");
}

Result<Route> read_route(const YAML::Node& node, const FilterTools& tools,
                         std::vector<FilterPointer> filters) {
  if (!node.IsMap()) return bad(node, "a route must be a map.");
  Route route;
  for (const auto& member : node) {
    const auto key = member.first.as<std::string>();
    Result<void> read;
    if (key == "id") {
      route.id = member.second.as<std::string>();
    } else if (key == "uri") {
      route.uri = member.second.as<std::string>();
    } else if (key == "order") {
      route.order = member.second.as<int>();
    } else if (key == "predicates") {
      for (const auto& predicate : member.second) {
        if (read = read_predicate(predicate, tools, route); !read) break;
      }
    } else if (key == "filters") {
      read = read_filters(member.second, tools, filters);
    } else if (key == "metadata") {
      read = read_metadata(member.second, route);
    } else {
      read = bad(member.first, "unknown key \"" + key + "\".");
    }
    if (!read) return pass_on(read);
  }
  route.host = host_of(route.uri);
  if (route.id.empty() || route.host.empty())
    return bad(node, "a route needs an id and a uri with a host.");
  if (!is_reachable(route.uri, true)) {
    return bad(node, "a uri must begin with http:// or lb://, not " + route.uri + ".");
  }
  if (tools.rate_limit && std::ranges::none_of(filters, limits_rate)) {
    filters.insert(filters.begin(), make_usual_rate_limit(tools));
  }
  if (!filters.empty()) route.filters = std::make_shared<const FilterChain>(std::move(filters));
  return route;
}

/// spring.cloud.gateway, or where newer versions have it.
YAML::Node find_gateway(const YAML::Node& root) {
  YAML::Node node = root;
  for (const char* key : {"spring", "cloud", "gateway"}) {
    if (!node.IsMap() || !node[key]) return YAML::Node{YAML::NodeType::Null};
    node.reset(node[key]);
  }
  if (!node.IsMap() || node["routes"] || !node["server"]) return node;
  return node["server"]["webflux"];
}

}  // namespace

Result<RouteTable> parse_routes(const std::string& yaml, const FilterTools& tools) {
  try {
    const YAML::Node gateway = find_gateway(YAML::Load(yaml));
    const YAML::Node routes =
        gateway && gateway.IsMap() ? gateway["routes"] : YAML::Node{YAML::NodeType::Null};
    if (!routes || !routes.IsSequence()) {
      return fail(ErrorKind::kInvalid, "bad-routes",
                  "There is no list spring.cloud.gateway.routes.");
    }
    std::vector<Route> table;
    for (const auto& node : routes) {
      // Each route gets its own: what a filter counts is counted by route.
      FilterTools own = tools;
      if (node.IsMap() && node["id"]) own.route = node["id"].as<std::string>();
      std::vector<FilterPointer> filters;
      if (auto read = read_filters(gateway["default-filters"], own, filters); !read) {
        return pass_on(read);
      }
      auto route = read_route(node, own, std::move(filters));
      if (!route) return pass_on(route);
      table.push_back(std::move(*route));
    }
    auto cors = read_cors(gateway["globalcors"]);
    if (!cors) return pass_on(cors);
    RouteTable read{std::move(table), tools.random};
    read.set_cors(std::move(*cors));
    return read;
  } catch (const YAML::Exception& e) {
    return fail(ErrorKind::kInvalid, "bad-routes",
                std::string{"The routes are not valid YAML: "} + e.what());
  }
}

Result<RouteTable> load_routes(const std::string& path, const FilterTools& tools) {
  std::ifstream file(path);
  std::string text{std::istreambuf_iterator<char>{file}, {}};
  if (!file)
    return fail(ErrorKind::kInvalid, "bad-routes", "The routes file " + path + " cannot be read.");
  return parse_routes(text, tools);
}

}  // namespace baedal::gateway
