#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/health/health.hpp"
#include "platform/log/log.hpp"

namespace baedal::actuator {

/// The JSON of the actuator's answers, without HTTP.

/// {"status":"UP"}, and with details {"status":…,"components":{…},"groups":[…]}.
[[nodiscard]] std::string report_json(const health::Report& report, bool show_details,
                                      bool with_groups);
/// {"status":"UP","details":{…}}
[[nodiscard]] std::string component_json(const health::Component& component);

/// {"levels":[…],"loggers":{"ROOT":{"configuredLevel":…,"effectiveLevel":…}},"groups":{}}
[[nodiscard]] std::string loggers_json(std::span<const log::LoggerState> loggers);
/// {"configuredLevel":…,"effectiveLevel":…}; the first is left out when it has none of its own.
[[nodiscard]] std::string logger_json(const log::LoggerState& logger);

/// Sections build, git (when known), os and process.
[[nodiscard]] std::string info_json(std::string_view name, std::string_view version,
                                    std::string_view git_commit);

struct Link {
  std::string_view rel;
  std::string_view path;  ///< below the base; with '{' it is a template
};
/// {"_links":{"self":{"href":"http://…/actuator","templated":false},…}}
[[nodiscard]] std::string links_json(std::string_view base, std::span<const Link> links);

}  // namespace baedal::actuator
