#pragma once

#include <optional>
#include <span>

#include "platform/config/settings.hpp"
#include "platform/resilience/rate_limiter.hpp"
#include "services/gateway/outbound/remote_upstreams.hpp"

namespace baedal::gateway {

/// The table `gateway.*`.
[[nodiscard]] std::span<const config::Setting> settings();
/// kInvalid when an instance is not name=http://host:port.
[[nodiscard]] Result<RemoteUpstreamOptions> upstream_options(const config::Settings& settings);
/// nullopt: none.
[[nodiscard]] std::optional<resilience::RateLimiterOptions> usual_rate_limit(
    const config::Settings& settings);

}  // namespace baedal::gateway
