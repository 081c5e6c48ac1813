#pragma once

#include <string>
#include <string_view>

#include "kernel/error.hpp"
#include "services/gateway/routing/filter.hpp"
#include "services/gateway/routing/route.hpp"

namespace baedal::gateway {

/// Reads routes in the YAML of Spring Cloud Gateway (spring.cloud.gateway.routes, or the newer
/// spring.cloud.gateway.server.webflux.routes), with default-filters and globalcors. A predicate or
/// filter that is not known, or whose arguments are wrong, is an error that names it and its line,
/// since leaving it out would route wrongly.
[[nodiscard]] Result<RouteTable> parse_routes(const std::string& yaml, const FilterTools& tools);
[[nodiscard]] Result<RouteTable> load_routes(const std::string& path, const FilterTools& tools);

/// The routes compiled in: the seed's four, payment, and the profiles they link to.
[[nodiscard]] std::string_view default_routes();

}  // namespace baedal::gateway
