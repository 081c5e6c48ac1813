#pragma once

#include <span>
#include <string>
#include <string_view>

#include "platform/metrics/registry.hpp"

namespace baedal::metrics {

enum class TextFormat {
  kPrometheus,   ///< text format 0.0.4
  kOpenMetrics,  ///< OpenMetrics 1.0.0
};

/// The value of Content-Type for that format.
[[nodiscard]] std::string_view content_type(TextFormat format);

/// The name a family has at Prometheus, as Micrometer makes it.
[[nodiscard]] std::string prometheus_name(const Family& family);

/// The exposition. `included` restricts it to those Prometheus names, of families or single samples
/// ("http_server_requests_seconds", "http_server_requests_seconds_max"); empty: everything.
[[nodiscard]] std::string prometheus_text(std::span<const Family> families, TextFormat format,
                                          std::span<const std::string> included = {});

}  // namespace baedal::metrics
