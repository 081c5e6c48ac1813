#include "services/order/settings.hpp"

#include <array>

#include "platform/resilience/settings.hpp"

namespace baedal::order {
namespace {

using config::Setting;
using config::Type;

constexpr std::string_view kUrl =
    "Where the service is when it runs in another process: `http://host:port`, or several of its "
    "instances. Not used when its role is played here.";
constexpr std::string_view kConnectTimeout = "How long connecting to the service may take.";
constexpr std::string_view kTimeLimit =
    "How long a call of the service may take, with all it takes to make it; then 503.";
constexpr std::string_view kAttempts =
    "How often a call is tried that surely nobody has processed, since no instance could be "
    "connected to. What may have been processed is never sent again.";
constexpr std::string_view kRetryPause =
    "Pause before the second try, half of it more or less; it grows by half each time.";
constexpr std::string_view kConcurrency = "Calls of the service under way at the same time.";

constexpr std::array kSettings{
    Setting{.name = "delivery.url", .type = Type::kList, .description = kUrl},
    Setting{.name = "delivery.connect-timeout",
            .type = Type::kDuration,
            .default_value = "500ms",
            .min = "1ms",
            .max = "1m",
            .description = kConnectTimeout},
    Setting{.name = "delivery.time-limit",
            .type = Type::kDuration,
            .default_value = "1s",
            .min = "1ms",
            .max = "1m",
            .description = kTimeLimit},
    Setting{.name = "delivery.attempts-max",
            .type = Type::kInteger,
            .default_value = "3",
            .min = "1",
            .max = "100",
            .unit = "attempts",
            .description = kAttempts},
    Setting{.name = "delivery.retry-pause",
            .type = Type::kDuration,
            .default_value = "50ms",
            .min = "0ms",
            .max = "1m",
            .description = kRetryPause},
    Setting{.name = "delivery.concurrent-calls-max",
            .type = Type::kInteger,
            .default_value = "512",
            .min = "1",
            .max = "100000",
            .unit = "calls",
            .description = kConcurrency},
    Setting{.name = "menu.url", .type = Type::kList, .description = kUrl},
    Setting{.name = "menu.connect-timeout",
            .type = Type::kDuration,
            .default_value = "500ms",
            .min = "1ms",
            .max = "1m",
            .description = kConnectTimeout},
    Setting{.name = "menu.time-limit",
            .type = Type::kDuration,
            .default_value = "1s",
            .min = "1ms",
            .max = "1m",
            .description = kTimeLimit},
    Setting{.name = "menu.attempts-max",
            .type = Type::kInteger,
            .default_value = "3",
            .min = "1",
            .max = "100",
            .unit = "attempts",
            .description = kAttempts},
    Setting{.name = "menu.retry-pause",
            .type = Type::kDuration,
            .default_value = "50ms",
            .min = "0ms",
            .max = "1m",
            .description = kRetryPause},
    Setting{.name = "menu.concurrent-calls-max",
            .type = Type::kInteger,
            .default_value = "512",
            .min = "1",
            .max = "100000",
            .unit = "calls",
            .description = kConcurrency},
};

}  // namespace

std::span<const Setting> settings() { return kSettings; }

Result<RemoteOptions> remote_options(const config::Settings& settings,
                                     const std::string& neighbour) {
  RemoteOptions options;
  options.name = neighbour;
  for (const std::string& url : settings.list(neighbour + ".url")) {
    auto origin = http::Origin::parse(url);
    if (!origin) return pass_on(origin);
    options.instances.push_back(std::move(*origin));
  }
  if (options.instances.empty()) {
    return fail(ErrorKind::kInvalid, "missing-url",
                "The role order needs the role " + neighbour +
                    ": name it too, or say where it runs with " + neighbour + ".url.");
  }
  options.connect_timeout = settings.duration(neighbour + ".connect-timeout");
  options.time_limit = settings.duration(neighbour + ".time-limit");
  options.concurrent_calls_max =
      static_cast<std::uint32_t>(settings.integer(neighbour + ".concurrent-calls-max"));
  options.retry = {
      .attempts_max = static_cast<std::uint32_t>(settings.integer(neighbour + ".attempts-max")),
      .wait_duration = settings.duration(neighbour + ".retry-pause"),
      .exponential_backoff_multiplier = 1.5,
      .randomized_wait_factor = 0.5};
  options.breaker = resilience::circuit_breaker_options(settings);
  return options;
}

}  // namespace baedal::order
