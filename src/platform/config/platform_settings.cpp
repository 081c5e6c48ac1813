#include "platform/config/platform_settings.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "kernel/text.hpp"

namespace baedal::config {
namespace {

/// "10.0.0.0/8", "fd00::/8", or one address without a slash.
std::optional<std::string> check_cidr(std::string_view value) {
  const auto slash = std::min(value.find('/'), value.size());
  const std::string address{value.substr(0, slash)};
  std::array<unsigned char, 16> bytes{};
  int bits_max = 0;
  if (inet_pton(AF_INET, address.c_str(), bytes.data()) == 1) bits_max = 32;
  if (inet_pton(AF_INET6, address.c_str(), bytes.data()) == 1) bits_max = 128;
  if (bits_max == 0) return "is no network such as 10.0.0.0/8";
  if (slash == value.size()) return std::nullopt;
  const auto bits = parse_int64(value.substr(slash + 1));
  if (!bits || *bits < 0 || *bits > bits_max) {
    return "has a prefix length outside 0 to " + std::to_string(bits_max);
  }
  return std::nullopt;
}

std::optional<std::string> check_address(std::string_view value) {
  if (value.find('/') == std::string_view::npos && !check_cidr(value)) return std::nullopt;
  return "is no IPv4 or IPv6 address";
}

/// "store=debug"
std::optional<std::string> check_logger_level(std::string_view value) {
  const auto equals = value.find('=');
  constexpr std::array<std::string_view, 6> kLevels{"trace", "debug", "info",
                                                    "warn",  "error", "off"};
  if (equals != std::string_view::npos && equals > 0) {
    for (const std::string_view level : kLevels) {
      if (value.substr(equals + 1) == level) return std::nullopt;
    }
  }
  return "is not of the form logger=level, with trace, debug, info, warn, error or off";
}

constexpr std::array kSettings{
    Setting{.name = "access-log.enabled",
            .type = Type::kBoolean,
            .default_value = "false",
            .description = "One log line per request, by logger `access`, whose level turns it on "
                           "and off at run time as well."},
    Setting{
        .name = "access-log.client-address",
        .type = Type::kBoolean,
        .default_value = "false",
        .description =
            "Whether the line of a request tells the client's address, which is personal data."},
    Setting{.name = "config.file",
            .description = "The YAML file to read, set by flag or environment."},
    Setting{.name = "data.dir",
            .default_value = "./data",
            .min = "1",
            .max = "4096",
            .unit = "bytes",
            .description = "Folder of the embedded stores and the embedded bus. Made when missing.",
            .short_flag = "data"},

    Setting{.name = "http.address",
            .default_value = "127.0.0.1",
            .description = "Address to listen on; `0.0.0.0` or `::` for all.",
            .check = check_address},
    Setting{.name = "http.port",
            .type = Type::kInteger,
            .default_value = "8080",
            .min = "0",
            .max = "65535",
            .description = "Port to listen on; 0 lets the system choose.",
            .short_flag = "port"},
    Setting{.name = "http.io-threads",
            .type = Type::kInteger,
            .default_value = "1",
            .min = "1",
            .max = "256",
            .unit = "threads",
            .description =
                "Event loops that serve requests. One leaves a core to the stores' writers "
                "on a small machine."},
    Setting{.name = "http.connections-max",
            .type = Type::kInteger,
            .default_value = "10000",
            .min = "1",
            .max = "1000000",
            .unit = "connections",
            .description = "Open connections; more are answered 503 and closed."},
    Setting{.name = "http.connections-per-address-max",
            .type = Type::kInteger,
            .default_value = "0",
            .min = "0",
            .max = "1000000",
            .unit = "connections",
            .description = "Open connections of one IPv4 address or one IPv6 /64; more are "
                           "answered 429 and closed. Those of `http.trusted-proxies` are not "
                           "counted. 0: no bound but `http.connections-max`."},
    Setting{.name = "http.backlog-max",
            .type = Type::kInteger,
            .default_value = "352",
            .min = "1",
            .max = "1000000",
            .unit = "requests",
            .description = "New requests that wait for one I/O thread at a time; of more, those "
                           "that would change something, and are not the operator's, are answered "
                           "503 at once."},
    Setting{.name = "http.header-bytes-max",
            .type = Type::kSize,
            .default_value = "16KiB",
            .min = "1KiB",
            .max = "1MiB",
            .description = "Request line and headers; more is answered 431. A service behind a "
                           "gateway needs room for what that one adds."},
    Setting{.name = "http.headers-max",
            .type = Type::kInteger,
            .default_value = "100",
            .min = "1",
            .max = "10000",
            .unit = "headers",
            .description = "Headers of a request, trailers counted; more is answered 431."},
    Setting{.name = "http.body-bytes-max",
            .type = Type::kSize,
            .default_value = "1MiB",
            .min = "1KiB",
            .max = "1GiB",
            .description = "Request body; more is answered 413."},
    Setting{.name = "http.header-timeout",
            .type = Type::kDuration,
            .default_value = "10s",
            .min = "10ms",
            .max = "10m",
            .description = "From a request's first byte to the end of its headers; then 408."},
    Setting{.name = "http.body-timeout",
            .type = Type::kDuration,
            .default_value = "30s",
            .min = "10ms",
            .max = "1h",
            .description = "From the end of the headers to the end of the body; then 408."},
    Setting{.name = "http.body-rate-min",
            .type = Type::kSize,
            .default_value = "240B",
            .min = "0B",
            .max = "1GiB",
            .description = "What a body that is passed on piece by piece must bring each second "
                           "it is waited for, on the average behind the first "
                           "`http.body-timeout`; less is answered 408. 0: no bound."},
    Setting{.name = "http.json-depth-max",
            .type = Type::kInteger,
            .default_value = "32",
            .min = "1",
            .max = "1000",
            .description = "Objects and arrays inside each other in a JSON body; more is "
                           "answered 400."},
    Setting{.name = "http.json-values-max",
            .type = Type::kInteger,
            .default_value = "10000",
            .min = "1",
            .max = "1000000",
            .description = "Values in a JSON body; more are answered 400."},
    Setting{.name = "http.page-size-max",
            .type = Type::kInteger,
            .default_value = "1000",
            .min = "1",
            .max = "100000",
            .unit = "items",
            .description = "Items of one page of a collection; who asks for more gets as many."},
    Setting{.name = "http.idle-timeout",
            .type = Type::kDuration,
            .default_value = "75s",
            .min = "10ms",
            .max = "1h",
            .description = "Between two requests of a connection; then it is closed."},
    Setting{.name = "http.write-timeout",
            .type = Type::kDuration,
            .default_value = "30s",
            .min = "10ms",
            .max = "1h",
            .description = "For a client that does not read its answer; then it is cut."},
    Setting{.name = "http.links",
            .type = Type::kChoice,
            .default_value = "forwarded",
            .choices = "forwarded|service",
            .description =
                "What links in answers begin with: the host the client asked (and that "
                "trusted proxies forward), or the service's own name, as in the original."},
    Setting{.name = "http.trusted-proxies",
            .type = Type::kList,
            .max = "64",
            .description =
                "Networks whose `Forwarded` and `X-Forwarded-*` headers are believed, as "
                "`10.0.0.0/8,fd00::/8`.",
            .check = check_cidr},
    Setting{.name = "http.representation",
            .type = Type::kChoice,
            .default_value = "full",
            .choices = "full|seed",
            .description = "Whether items carry all their fields, or only those of the original."},

    Setting{.name = "idempotency.retention",
            .type = Type::kDuration,
            .default_value = "24h",
            .min = "1m",
            .max = "30d",
            .description = "How long an `Idempotency-Key` and its answer are kept."},
    Setting{.name = "idempotency.keys-max",
            .type = Type::kInteger,
            .default_value = "100000000",
            .min = "0",
            .max = "1000000000000",
            .unit = "keys",
            .description =
                "Keys that a store keeps, those of its clients and of events, above which a "
                "request with a new `Idempotency-Key` is answered 503 and not carried out; "
                "0: as many as come within the retention. Processes that share a PostgreSQL "
                "database may keep what they add in a second above it."},

    Setting{.name = "log.format",
            .type = Type::kChoice,
            .default_value = "text",
            .choices = "text|json",
            .description = "For people, or one JSON object per line."},
    Setting{.name = "log.level",
            .type = Type::kChoice,
            .default_value = "info",
            .choices = "trace|debug|info|warn|error|off",
            .description = "Least level written, by `POST /actuator/loggers/ROOT` as well.",
            .needs_restart = false},
    Setting{.name = "log.levels",
            .type = Type::kList,
            .max = "64",
            .description = "Levels of single loggers, as `store=debug,http=warn`.",
            .needs_restart = false,
            .check = check_logger_level},
    Setting{.name = "log.queue-max",
            .type = Type::kInteger,
            .default_value = "0",
            .min = "0",
            .max = "65536",
            .unit = "lines",
            .description = "Lines that may wait for a writer thread; the oldest are dropped and "
                           "counted when it is full. 0 writes each line directly."},

    Setting{.name = "management.demo-endpoints",
            .type = Type::kBoolean,
            .default_value = "false",
            .description = "Whether `PUT /actuator/down`, `PUT /actuator/up` and "
                           "`GET /actuator/echo` exist."},
    Setting{.name = "management.health.show-details",
            .type = Type::kChoice,
            .default_value = "never",
            .choices = "never|always",
            .description = "Whether `/actuator/health` shows its components and their details."},

    Setting{.name = "messaging.retention",
            .type = Type::kDuration,
            .default_value = "0s",
            .min = "0s",
            .max = "3650d",
            .description = "How long the bus keeps events (the embedded one those that every group "
                           "has handled; a Kafka topic when it is made here); 0 for ever. A view "
                           "is rebuilt from what is kept."},
    Setting{.name = "messaging.relay.pause-first",
            .type = Type::kDuration,
            .default_value = "50ms",
            .min = "1ms",
            .max = "1m",
            .description = "Pause after the bus first refused events; it doubles each time."},
    Setting{.name = "messaging.relay.pause-max",
            .type = Type::kDuration,
            .default_value = "5s",
            .min = "1ms",
            .max = "1h",
            .description = "Longest pause before the bus is tried again."},
    Setting{.name = "messaging.subscriber.attempts-max",
            .type = Type::kInteger,
            .default_value = "8",
            .min = "1",
            .max = "1000",
            .unit = "attempts",
            .description = "How often an event that fails is tried before it is parked."},
    Setting{.name = "messaging.subscriber.pause-first",
            .type = Type::kDuration,
            .default_value = "50ms",
            .min = "1ms",
            .max = "1m",
            .description = "Pause after an event's first failure; it doubles each time."},
    Setting{.name = "messaging.subscriber.pause-max",
            .type = Type::kDuration,
            .default_value = "5s",
            .min = "1ms",
            .max = "1h",
            .description = "Longest pause before an event is tried again."},

    Setting{.name = "shutdown.delay",
            .type = Type::kDuration,
            .default_value = "0ms",
            .min = "0ms",
            .max = "10m",
            .description =
                "How long after SIGTERM everything is still answered, each answer closing its "
                "connection, so that balancers and pools turn away before this process ends; "
                "readiness says OUT_OF_SERVICE. A second SIGTERM ends the process at once."},

    Setting{.name = "shutdown.grace",
            .type = Type::kDuration,
            .default_value = "30s",
            .min = "0ms",
            .max = "1h",
            .description = "How long requests in hand may take to finish after that."},

    Setting{.name = "startup.patience",
            .type = Type::kDuration,
            .default_value = "0ms",
            .min = "0ms",
            .max = "7d",
            .description =
                "How long the start waits for a store's server that cannot be reached, alive and "
                "not ready meanwhile; 0: it ends at once, with the reason."},

    Setting{.name = "store.queue-max",
            .type = Type::kInteger,
            .default_value = "4096",
            .min = "1",
            .max = "1000000",
            .unit = "commits",
            .description = "Commits that may wait for a store's writer; more are answered 503."},
    Setting{.name = "store.group-max",
            .type = Type::kInteger,
            .default_value = "512",
            .min = "1",
            .max = "65536",
            .unit = "commits",
            .description = "Most commits that share one sync to disk."},
    Setting{.name = "store.group-interval",
            .type = Type::kDuration,
            .default_value = "1ms",
            .min = "0ms",
            .max = "1s",
            .description =
                "How long after a small group of commits the next one begins at the "
                "earliest, so that a moderate load makes fewer of them; one commit after "
                "the other, and large groups, do not wait. 0: never waits."},
    Setting{.name = "store.cache-bytes-max",
            .type = Type::kSize,
            .default_value = "24MiB",
            .min = "1MiB",
            .max = "64GiB",
            .description = "Pages of its file that the writer of a SQLite store keeps in memory."},
    Setting{.name = "store.read-deadline",
            .type = Type::kDuration,
            .default_value = "5s",
            .min = "1ms",
            .max = "10m",
            .description = "How long one read may take; then 503."},
};

}  // namespace

std::span<const Setting> platform_settings() { return kSettings; }

}  // namespace baedal::config
