#pragma once

#include <span>

#include "platform/config/settings.hpp"
#include "services/gateway/outbound/remote_upstreams.hpp"

namespace baedal::gateway {

/// The table `gateway.*`.
[[nodiscard]] std::span<const config::Setting> settings();
/// kInvalid when an instance is not name=http://host:port.
[[nodiscard]] Result<RemoteUpstreamOptions> upstream_options(const config::Settings& settings);

}  // namespace baedal::gateway
