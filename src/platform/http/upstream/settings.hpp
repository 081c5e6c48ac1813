#pragma once

#include <span>

#include "platform/config/settings.hpp"
#include "platform/http/upstream/upstream_client.hpp"

namespace baedal::http {

/// The table `upstream.*`.
[[nodiscard]] std::span<const config::Setting> upstream_settings();
[[nodiscard]] UpstreamLimits upstream_limits(const config::Settings& settings);

}  // namespace baedal::http
