#include "platform/tracing/otlp/settings.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "kernel/text.hpp"

namespace baedal::tracing {
namespace {

using config::Setting;
using config::Type;

std::optional<double> parse_ratio(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole && value >= 0 && value <= 1 ? std::optional{value} : std::nullopt;
}

std::optional<std::string> check_ratio(std::string_view text) {
  if (parse_ratio(text)) return std::nullopt;
  return "is no number from 0 to 1";
}

std::optional<std::string> check_endpoint(std::string_view text) {
  constexpr std::string_view kScheme = "http://";
  if (text.empty()) return std::nullopt;
  const bool plain = std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7F; });
  const std::string_view rest = text.substr(std::min(kScheme.size(), text.size()));
  const std::string_view authority = rest.substr(0, rest.find('/'));
  if (!plain || !text.starts_with(kScheme) || authority.empty() ||
      authority.find('@') != std::string_view::npos) {
    return "is no URL such as http://collector:4318/v1/traces";
  }
  if (authority.size() == rest.size()) return "has no path; usually it is /v1/traces";
  return std::nullopt;
}

/// "name=value,name=value"
std::vector<http::Header> parse_headers(std::string_view text, bool& good) {
  std::vector<http::Header> headers;
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    const std::string_view item = trim(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
    const auto equals = item.find('=');
    const std::string_view name = trim(item.substr(0, equals));
    const auto is_name_char = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             c == '-' || c == '_';
    };
    const bool well_formed = equals != std::string_view::npos && !name.empty() &&
                             std::ranges::all_of(name, is_name_char) &&
                             std::ranges::all_of(item, [](char c) { return c >= ' ' && c < 0x7F; });
    good = good && well_formed;
    if (well_formed) {
      headers.push_back({std::string{name}, std::string{trim(item.substr(equals + 1))}});
    }
  }
  return headers;
}

std::optional<std::string> check_headers(std::string_view text) {
  bool good = true;
  parse_headers(text, good);
  if (good) return std::nullopt;
  return "is not of the form name=value,name=value";
}

constexpr std::array kSettings{
    Setting{.name = "tracing.otlp-endpoint",
            .max = "2048",
            .unit = "bytes",
            .description =
                "Where spans go, by OTLP over HTTP in JSON, as "
                "`http://collector:4318/v1/traces`; empty: nowhere. Trace ids travel and are "
                "logged either way.",
            .check = check_endpoint},
    Setting{.name = "tracing.otlp-headers",
            .max = "4096",
            .unit = "bytes",
            .description = "Headers sent to the collector, as `name=value,name=value`.",
            .secret = true,
            .check = check_headers},
    Setting{.name = "tracing.sampling-ratio",
            .default_value = "0.1",
            .description = "Share of the requests that begin a trace here whose spans are "
                           "exported, 0 to 1. A request that comes with a `traceparent` has been "
                           "decided about.",
            .check = check_ratio},
    Setting{.name = "tracing.service-name",
            .max = "255",
            .unit = "bytes",
            .description = "Name of this process in traces; empty: `baedal`, or `baedal-order` "
                           "of the roles it plays."},
    Setting{.name = "tracing.queue-max",
            .type = Type::kInteger,
            .default_value = "8192",
            .min = "1",
            .max = "1000000",
            .unit = "spans",
            .description = "Spans that may wait for the collector; more are dropped and counted."},
    Setting{.name = "tracing.batch-max",
            .type = Type::kInteger,
            .default_value = "512",
            .min = "1",
            .max = "10000",
            .unit = "spans",
            .description = "Spans sent in one request."},
    Setting{.name = "tracing.export-interval",
            .type = Type::kDuration,
            .default_value = "2s",
            .min = "10ms",
            .max = "5m",
            .description = "How long a span waits at most for a batch to fill."},
    Setting{.name = "tracing.export-timeout",
            .type = Type::kDuration,
            .default_value = "5s",
            .min = "10ms",
            .max = "1m",
            .description = "How long the collector may take for one request; then it is tried "
                           "again, as after 429, 502, 503 and 504."},
};

std::string name_of(const std::vector<std::string>& roles, bool all_roles) {
  std::string name = "baedal";
  if (all_roles) return name;
  for (const std::string& role : roles) name += "-" + role;
  return name;
}

std::string host_name() {
  constexpr std::size_t kHostNameMax = 256;
  std::array<char, kHostNameMax + 1> host{};
  return ::gethostname(host.data(), kHostNameMax) == 0 ? host.data() : "";
}

}  // namespace

std::span<const Setting> settings() { return kSettings; }

double sampling_ratio(const config::Settings& settings) {
  return parse_ratio(settings.text("tracing.sampling-ratio")).value_or(0);
}

OtlpOptions otlp_options(const config::Settings& settings, const std::vector<std::string>& roles,
                         bool all_roles, std::string_view version) {
  OtlpOptions options;
  options.endpoint = settings.text("tracing.otlp-endpoint");
  bool good = true;
  options.headers = parse_headers(settings.secret("tracing.otlp-headers").expose(), good);
  options.queue_max = static_cast<std::size_t>(settings.integer("tracing.queue-max"));
  options.batch_max = static_cast<std::size_t>(settings.integer("tracing.batch-max"));
  options.interval = settings.duration("tracing.export-interval");
  options.timeout = settings.duration("tracing.export-timeout");
  const std::string& named = settings.text("tracing.service-name");
  const std::string host = host_name();
  options.resource.scope_version = version;
  options.resource.attributes = {
      {"service.name", named.empty() ? name_of(roles, all_roles) : named},
      {"service.namespace", "baedal"},
      {"service.version", std::string{version}},
      {"service.instance.id", host + "-" + std::to_string(::getpid())},
      {"host.name", host},
      {"telemetry.sdk.name", "baedal"},
      {"telemetry.sdk.language", "cpp"},
      {"telemetry.sdk.version", std::string{version}}};
  return options;
}

}  // namespace baedal::tracing
