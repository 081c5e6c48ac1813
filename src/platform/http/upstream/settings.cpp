#include "platform/http/upstream/settings.hpp"

#include <array>

namespace baedal::http {
namespace {

using config::Setting;
using config::Type;

constexpr std::array kSettings{
    Setting{.name = "upstream.connections-max",
            .type = Type::kInteger,
            .default_value = "1024",
            .min = "1",
            .max = "100000",
            .unit = "connections",
            .description = "Connections of an I/O thread to one address of another process; "
                           "requests that would need more are answered 503."},
    Setting{.name = "upstream.idle-connections-max",
            .type = Type::kInteger,
            .default_value = "256",
            .min = "0",
            .max = "100000",
            .unit = "connections",
            .description = "Of these, those kept for the next request; more are closed after use."},
    Setting{.name = "upstream.idle-timeout",
            .type = Type::kDuration,
            .default_value = "60s",
            .min = "1s",
            .max = "1h",
            .description = "How long a connection is kept unused. Shorter than the other side "
                           "does (`http.idle-timeout` there)."},
    Setting{.name = "upstream.head-bytes-max",
            .type = Type::kSize,
            .default_value = "32KiB",
            .min = "1KiB",
            .max = "1MiB",
            .description = "Status line and headers of an answer; more is answered 502."},
    Setting{.name = "upstream.whole-body-bytes-max",
            .type = Type::kSize,
            .default_value = "64KiB",
            .min = "0B",
            .max = "64MiB",
            .description = "An answer's body of known length up to it is read before it is passed "
                           "on; others pass piece by piece, as fast as the client takes them."},
    Setting{.name = "upstream.stream-idle-timeout",
            .type = Type::kDuration,
            .default_value = "5m",
            .min = "10ms",
            .max = "24h",
            .description = "Between two pieces of a stream, either way, and of a WebSocket; then "
                           "it is cut."},
};

}  // namespace

std::span<const Setting> upstream_settings() { return kSettings; }

UpstreamLimits upstream_limits(const config::Settings& settings) {
  const auto count = [&](std::string_view name) {
    return static_cast<std::size_t>(settings.integer(name));
  };
  UpstreamLimits limits;
  limits.connections_max = count("upstream.connections-max");
  limits.idle_max = count("upstream.idle-connections-max");
  limits.idle_timeout = settings.duration("upstream.idle-timeout");
  limits.head_bytes_max = settings.size("upstream.head-bytes-max");
  limits.whole_body_bytes_max = settings.size("upstream.whole-body-bytes-max");
  limits.stream_idle_timeout = settings.duration("upstream.stream-idle-timeout");
  return limits;
}

}  // namespace baedal::http
