#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/error.hpp"
#include "platform/config/settings.hpp"
#include "platform/tracing/otlp/otlp_exporter.hpp"

namespace baedal::tracing {

/// tracing.*
[[nodiscard]] std::span<const config::Setting> settings();

/// The share of new traces that is sampled, 0 to 1.
[[nodiscard]] double sampling_ratio(const config::Settings& settings);

/// How to export; the endpoint is empty when nothing is to be. `roles` make the service's name when
/// the settings do not: "baedal" for all of them, "baedal-order" for one.
[[nodiscard]] OtlpOptions otlp_options(const config::Settings& settings,
                                       const std::vector<std::string>& roles, bool all_roles,
                                       std::string_view version);

}  // namespace baedal::tracing
