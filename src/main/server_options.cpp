#include "main/server_options.hpp"

namespace baedal {

http::ServerLimits server_limits(const config::Settings& settings) {
  http::ServerLimits limits;
  limits.header_bytes_max = settings.size("http.header-bytes-max");
  limits.headers_max = static_cast<std::size_t>(settings.integer("http.headers-max"));
  limits.body_bytes_max = settings.size("http.body-bytes-max");
  limits.connections_max = static_cast<std::size_t>(settings.integer("http.connections-max"));
  limits.connections_per_address_max =
      static_cast<std::size_t>(settings.integer("http.connections-per-address-max"));
  limits.body_rate_min = static_cast<std::uint64_t>(settings.size("http.body-rate-min"));
  limits.backlog_max = static_cast<std::size_t>(settings.integer("http.backlog-max"));
  limits.header_timeout = settings.duration("http.header-timeout");
  limits.body_timeout = settings.duration("http.body-timeout");
  limits.idle_timeout = settings.duration("http.idle-timeout");
  limits.write_timeout = settings.duration("http.write-timeout");
  return limits;
}

http::hal::Presentation presentation(const config::Settings& settings) {
  using Links = http::hal::Presentation::Links;
  return {
      .links = settings.choice("http.links") == "service" ? Links::kService : Links::kForwarded,
      .original_only = settings.choice("http.representation") == "seed",
      .body = {.depth_max = static_cast<std::size_t>(settings.integer("http.json-depth-max")),
               .values_max = static_cast<std::size_t>(settings.integer("http.json-values-max"))},
      .page_size_max = settings.integer("http.page-size-max")};
}

}  // namespace baedal
