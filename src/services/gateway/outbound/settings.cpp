#include "services/gateway/outbound/settings.hpp"

#include <array>

namespace baedal::gateway {
namespace {

using config::Setting;
using config::Type;

constexpr std::array kSettings{
    Setting{.name = "gateway.routes-file",
            .description =
                "Routes in the YAML of Spring Cloud Gateway; empty for the built-in ones. Read "
                "again by `POST /actuator/gateway/refresh`."},
    Setting{.name = "gateway.pages",
            .type = Type::kBoolean,
            .default_value = "true",
            .description = "Whether browsers get the pages of the web UI, where this program was "
                           "built with them. Clients of the API see no difference."},
    Setting{.name = "gateway.instances",
            .type = Type::kList,
            .description = "Where services run, each instance by its service's name, as "
                           "`order=http://10.0.0.1:8080,order=http://10.0.0.2:8080`: for routes "
                           "to `lb://order` and to `http://order:8080`."},
    Setting{.name = "gateway.body-bytes-max",
            .type = Type::kSize,
            .default_value = "64MiB",
            .min = "1KiB",
            .max = "1024GiB",
            .description = "Request body that is passed on to another process, piece by piece; "
                           "more is answered 413."},
    Setting{.name = "gateway.circuit-breaker",
            .type = Type::kBoolean,
            .default_value = "true",
            .description = "Whether each service in another process has a circuit breaker "
                           "`gateway-NAME` (`circuit-breaker.*`), which opens when it gives no "
                           "answers; answers, errors too, are its own affair."},
    Setting{.name = "gateway.connect-timeout",
            .type = Type::kDuration,
            .default_value = "2s",
            .min = "1ms",
            .max = "10m",
            .description = "How long connecting to an instance may take, unless its route says."},
    Setting{.name = "gateway.response-timeout",
            .type = Type::kDuration,
            .default_value = "30s",
            .min = "0ms",
            .max = "1h",
            .description = "How long an answer may take to begin; then 504. 0: no limit. A route "
                           "may say otherwise."},
    Setting{.name = "gateway.ejection-failures",
            .type = Type::kInteger,
            .default_value = "5",
            .min = "1",
            .max = "10000",
            .unit = "failures",
            .description = "Failures in a row after which an instance is left alone. One that "
                           "cannot be connected to is left alone at once."},
    Setting{.name = "gateway.ejection-time",
            .type = Type::kDuration,
            .default_value = "5s",
            .min = "1ms",
            .max = "1h",
            .description = "How long an instance is left alone."},
    Setting{.name = "gateway.check-interval",
            .type = Type::kDuration,
            .default_value = "2s",
            .min = "0ms",
            .max = "1h",
            .description = "Between health checks of instances that have others beside them; 0: "
                           "none."},
    Setting{.name = "gateway.check-timeout",
            .type = Type::kDuration,
            .default_value = "1s",
            .min = "1ms",
            .max = "10m",
            .description = "How long the answer to a health check may take."},
    Setting{.name = "gateway.fleet-timeout",
            .type = Type::kDuration,
            .default_value = "2s",
            .min = "1ms",
            .max = "10m",
            .description = "How long an instance may take to answer an operator who looks at it "
                           "through `GET /actuator/fleet`; an answer above 64 KiB only until it "
                           "begins. A replay may take `gateway.response-timeout`."},
    Setting{.name = "gateway.rate-limit",
            .type = Type::kInteger,
            .default_value = "0",
            .min = "0",
            .max = "1000000",
            .unit = "requests",
            .description = "What one client (an IPv4 address or IPv6 /64, as "
                           "`http.trusted-proxies` forward it) may ask of one route each second, "
                           "counted by each process; more is answered 429. Routes with a "
                           "RequestRateLimiter of their own go by that. 0: no bound."},
    Setting{.name = "gateway.rate-limit-burst",
            .type = Type::kInteger,
            .default_value = "0",
            .min = "0",
            .max = "1000000",
            .unit = "requests",
            .description = "How many of them may come at once; 0: as many as in a second."},
    Setting{.name = "gateway.check-path",
            .default_value = "/actuator/health/readiness",
            .min = "1",
            .description = "What health checks ask an instance for; an answer below 500 is good."},
};

}  // namespace

std::span<const Setting> settings() { return kSettings; }

Result<RemoteUpstreamOptions> upstream_options(const config::Settings& settings) {
  RemoteUpstreamOptions options;
  options.connect_timeout = settings.duration("gateway.connect-timeout");
  options.response_timeout = settings.duration("gateway.response-timeout");
  options.ejection.failures_in_a_row =
      static_cast<std::uint32_t>(settings.integer("gateway.ejection-failures"));
  options.ejection.time = settings.duration("gateway.ejection-time");
  options.check_interval = settings.duration("gateway.check-interval");
  options.check_timeout = settings.duration("gateway.check-timeout");
  options.check_path = settings.text("gateway.check-path");
  for (const std::string& instance : settings.list("gateway.instances")) {
    const std::size_t equals = instance.find('=');
    const std::string url = equals == std::string::npos ? "" : instance.substr(equals + 1);
    if (auto origin = http::Origin::parse(url); !origin || equals == 0) {
      return fail(ErrorKind::kInvalid, "bad-instance",
                  "gateway.instances: \"" + instance + "\" is not name=http://host:port.");
    }
    options.instances[instance.substr(0, equals)].push_back(url);
  }
  return options;
}

std::optional<resilience::RateLimiterOptions> usual_rate_limit(const config::Settings& settings) {
  const auto rate = static_cast<std::uint32_t>(settings.integer("gateway.rate-limit"));
  const auto burst = static_cast<std::uint32_t>(settings.integer("gateway.rate-limit-burst"));
  if (rate == 0) return std::nullopt;
  return resilience::RateLimiterOptions{.replenish_rate = rate,
                                        .burst_capacity = burst > 0 ? burst : rate};
}

}  // namespace baedal::gateway
