#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "platform/metrics/registry.hpp"

namespace baedal::metrics {

/// {"names":["disk.free", …]}
[[nodiscard]] std::string names_json(std::span<const Family> families);

/// One metric added up over all series that carry every tag of `tags`, with the tags that can still
/// be asked for:
///   {"name":…,"description":…,"baseUnit":…,"measurements":[{"statistic":"COUNT","value":40}],
///    "availableTags":[{"tag":"uri","values":[…]}]}
/// `name` is dotted, or the Prometheus name. nullopt when there is no such metric or no such
/// series.
[[nodiscard]] std::optional<std::string> metric_json(std::span<const Family> families,
                                                     std::string_view name, const Tags& tags);

}  // namespace baedal::metrics
