#include "platform/actuator/actuator.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>

#include "kernel/json/parse.hpp"
#include "kernel/text.hpp"
#include "platform/actuator/documents.hpp"
#include "platform/http/hal/negotiate.hpp"
#include "platform/http/problem.hpp"
#include "platform/log/log.hpp"
#include "platform/metrics/micrometer.hpp"
#include "platform/metrics/prometheus.hpp"

namespace baedal::actuator {
namespace {

using http::Method;
using http::Request;
using http::Response;

constexpr std::string_view kJson = "application/json";

/// The representation the client wants of a document, newest first; 406 when it wants none of them.
Response document(const Request& request, int status, std::string body) {
  const auto type =
      http::negotiate(request, {"application/vnd.spring-boot.actuator.v3+json",
                                "application/vnd.spring-boot.actuator.v2+json", kJson});
  if (!type) return problem(406, "not-acceptable", "This is served as JSON only.", request);
  return {status, std::string{*type}, std::move(body)};
}

Response no_such(const Request& request, std::string_view what) {
  return problem(404, "no-such-path", "There is no such " + std::string{what} + ".", request);
}

/// "uri:/orders" of every ?tag=; nullopt when one has no colon.
std::optional<metrics::Tags> asked_tags(const Request& request) {
  metrics::Tags tags;
  for (const auto& [name, value] : http::parse_query(request.query)) {
    if (name != "tag") continue;
    const auto colon = value.find(':');
    if (colon == std::string::npos) return std::nullopt;
    tags.emplace_back(value.substr(0, colon), value.substr(colon + 1));
  }
  return tags;
}

/// The names of every ?includedNames=a,b.
std::vector<std::string> included_names(const Request& request) {
  std::vector<std::string> names;
  for (const auto& [parameter, value] : http::parse_query(request.query)) {
    if (parameter != "includedNames") continue;
    for (std::string_view rest = value; !rest.empty();) {
      const auto comma = std::min(rest.find(','), rest.size());
      if (const auto name = trim(rest.substr(0, comma)); !name.empty()) names.emplace_back(name);
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
  }
  return names;
}

/// ?histograms=false: for scrapers that drop a metric of that type whole, its count too.
bool without_histograms(const Request& request) {
  const auto parameters = http::parse_query(request.query);
  return std::ranges::any_of(parameters, [](const auto& parameter) {
    return parameter.first == "histograms" && parameter.second == "false";
  });
}

void drop_buckets(std::vector<metrics::Family>& families) {
  for (metrics::Family& family : families) {
    for (metrics::Sample& sample : family.samples) sample.buckets.clear();
  }
}

std::optional<log::LoggerState> find_logger(std::string_view name) {
  auto all = log::loggers();
  const auto at = std::ranges::find(all, name, &log::LoggerState::name);
  return at == all.end() ? std::nullopt : std::optional{std::move(*at)};
}

/// The level of {"configuredLevel":"DEBUG"}; an absent or null one clears.
Result<std::optional<log::Level>> asked_level(std::string_view body) {
  auto parsed = json::parse(body);
  if (!parsed) return pass_on(parsed);
  const auto* object = parsed->get<json::Object>();
  if (object == nullptr) return fail(ErrorKind::kInvalid, "bad-level", "The body is no object.");
  const json::Value* value = object->find("configuredLevel");
  if (value == nullptr || value->is_null()) return std::nullopt;
  const auto* text = value->get<std::string>();
  const auto level = text == nullptr ? std::nullopt : log::parse_level(*text);
  if (!level) {
    return fail(ErrorKind::kInvalid, "bad-level",
                "configuredLevel must be OFF, ERROR, WARN, INFO, DEBUG or TRACE.");
  }
  return level;
}

std::optional<health::Component> find_component(health::Report report, std::string_view name) {
  const auto at = std::ranges::find(report.components, name, &health::Component::name);
  return at == report.components.end() ? std::nullopt : std::optional{std::move(*at)};
}

}  // namespace

Actuator::Actuator(health::HealthRegistry& health, const metrics::Registry& metrics,
                   Options options)
    : health_(health), metrics_(metrics), options_(std::move(options)) {}

bool Actuator::owns(std::string_view path) {
  return path == "/actuator" || path.starts_with("/actuator/") || path == "/livez" ||
         path == "/readyz";
}

void Actuator::add_routes(http::Router& router) {
  get(router, "/actuator", &Actuator::links);
  get(router, "/actuator/health", &Actuator::health);
  get(router, "/actuator/health/liveness", &Actuator::liveness);
  get(router, "/actuator/health/readiness", &Actuator::readiness);
  get(router, "/livez", &Actuator::liveness);
  get(router, "/readyz", &Actuator::readiness);
  get(router, "/actuator/health/{component}", &Actuator::health_component);
  get(router, "/actuator/health/{component}/{part}", &Actuator::health_group_component);
  get(router, "/actuator/info", &Actuator::info);
  get(router, "/actuator/metrics", &Actuator::metric_names);
  get(router, "/actuator/metrics/{name}", &Actuator::metric);
  get(router, "/actuator/prometheus", &Actuator::prometheus);
  get(router, "/actuator/loggers", &Actuator::loggers);
  get(router, "/actuator/loggers/{name}", &Actuator::logger);
  on(router, Method::kPost, "/actuator/loggers/{name}", &Actuator::set_logger);
  if (!options_.demo_endpoints) return;
  on(router, Method::kPut, "/actuator/down", &Actuator::down);
  on(router, Method::kPut, "/actuator/up", &Actuator::up);
  get(router, "/actuator/echo", &Actuator::echo);
}

void Actuator::get(http::Router& router, std::string_view pattern, Answer answer) {
  on(router, Method::kGet, pattern, answer);
  on(router, Method::kHead, pattern, answer);  // the server leaves the body out
}

void Actuator::on(http::Router& router, Method method, std::string_view pattern, Answer answer) {
  router.add(method, pattern, [this, answer](Request& request) -> Task<Response> {
    co_return (this->*answer)(request);
  });
}

Response Actuator::links(const Request& request) {
  static constexpr std::array kLinks{
      Link{"self", ""},
      Link{"health", "/health"},
      Link{"health-path", "/health/{*path}"},
      Link{"info", "/info"},
      Link{"loggers", "/loggers"},
      Link{"loggers-name", "/loggers/{name}"},
      Link{"metrics", "/metrics"},
      Link{"metrics-requiredMetricName", "/metrics/{requiredMetricName}"},
      Link{"prometheus", "/prometheus"},
  };
  static constexpr std::array kDemoLinks{Link{"down", "/down"}, Link{"up", "/up"},
                                         Link{"echo", "/echo"}};
  std::vector<Link> links{kLinks.begin(), kLinks.end()};
  if (options_.demo_endpoints) links.insert(links.end(), kDemoLinks.begin(), kDemoLinks.end());
  links.insert(links.end(), options_.more.begin(), options_.more.end());
  return document(request, 200, links_json(request.link_base + "/actuator", links));
}

Response Actuator::report(const Request& request, const health::Report& found,
                          bool with_groups) const {
  return document(request, health::http_status(found.status),
                  report_json(found, options_.show_details, with_groups));
}

Response Actuator::health(const Request& request) {
  return report(request, health_.overall(), true);
}

Response Actuator::liveness(const Request& request) {
  return report(request, health_.liveness(), false);
}

Response Actuator::readiness(const Request& request) {
  return report(request, health_.readiness(), false);
}

Response Actuator::health_component(const Request& request) {
  const auto found = options_.show_details
                         ? find_component(health_.overall(), request.path_values[0])
                         : std::nullopt;
  if (!found) return no_such(request, "component");
  return document(request, health::http_status(found->status), component_json(*found));
}

Response Actuator::health_group_component(const Request& request) {
  const std::string& group = request.path_values[0];
  std::optional<health::Component> found;
  if (options_.show_details && group == "liveness") {
    found = find_component(health_.liveness(), request.path_values[1]);
  } else if (options_.show_details && group == "readiness") {
    found = find_component(health_.readiness(), request.path_values[1]);
  }
  if (!found) return no_such(request, "component");
  return document(request, health::http_status(found->status), component_json(*found));
}

Response Actuator::info(const Request& request) {
  return document(request, 200, info_json(options_.name, options_.version, options_.git_commit));
}

Response Actuator::metric_names(const Request& request) {
  const auto families = metrics_.collect();
  return document(request, 200, metrics::names_json(families));
}

Response Actuator::metric(const Request& request) {
  const auto tags = asked_tags(request);
  if (!tags) return problem(400, "bad-tag", "A tag is written as tag=name:value.", request);
  const auto families = metrics_.collect();
  auto body = metrics::metric_json(families, request.path_values[0], *tags);
  return body ? document(request, 200, std::move(*body)) : no_such(request, "metric");
}

Response Actuator::prometheus(const Request& request) {
  constexpr std::string_view kOpenMetrics = "application/openmetrics-text";
  // A scraper that asks for nothing we have still gets its text: better than a gap in the graphs.
  const auto type = http::negotiate(request, {"text/plain", kOpenMetrics});
  const auto format =
      type == kOpenMetrics ? metrics::TextFormat::kOpenMetrics : metrics::TextFormat::kPrometheus;
  auto families = metrics_.collect();
  if (without_histograms(request)) drop_buckets(families);
  const auto names = included_names(request);
  return {200, std::string{metrics::content_type(format)},
          metrics::prometheus_text(families, format, names)};
}

Response Actuator::loggers(const Request& request) {
  const auto all = log::loggers();
  return document(request, 200, loggers_json(all));
}

Response Actuator::logger(const Request& request) {
  const auto found = find_logger(request.path_values[0]);
  return found ? document(request, 200, logger_json(*found)) : no_such(request, "logger");
}

Response Actuator::set_logger(const Request& request) {
  const std::string& name = request.path_values[0];
  const auto level = asked_level(request.body);
  if (!level) return problem(level.error(), request);
  if (const auto set = log::set_level(name, *level); !set) return problem(set.error(), request);
  log::info("actuator", "logger changed",
            {{"name", name}, {"newLevel", *level ? log::to_string(**level) : "inherited"}});
  return {204};
}

Response Actuator::down(const Request&) {
  health_.force_down(true);
  log::warn("actuator", "health forced down");
  return {200, std::string{kJson}, R"({"status":"DOWN"})"};
}

Response Actuator::up(const Request&) {
  health_.force_down(false);
  log::info("actuator", "health no longer forced down");
  return {200, std::string{kJson}, R"({"status":"UP"})"};
}

Response Actuator::echo(const Request&) {
  constexpr std::size_t kHostNameMax = 256;
  std::array<char, kHostNameMax + 1> host{};
  if (::gethostname(host.data(), kHostNameMax) != 0) host[0] = '\0';
  return {200, "text/plain;charset=utf-8", host.data()};
}

}  // namespace baedal::actuator
