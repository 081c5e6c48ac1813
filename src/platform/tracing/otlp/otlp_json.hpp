#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/tracing/span.hpp"

namespace baedal::tracing {

/// Who says it: the attributes of OpenTelemetry's resource, and the program as its scope.
struct Resource {
  std::vector<std::pair<std::string, std::string>> attributes{};
  std::string scope_version{};
};

/// An ExportTraceServiceRequest of OTLP 1.x in JSON: ids in hexadecimal, enumerations as numbers,
/// 64-bit integers as strings.
[[nodiscard]] std::string otlp_json(const Resource& resource, std::span<const Span> spans);

/// How many spans of a request a collector refused, as its answer says (partialSuccess).
[[nodiscard]] std::uint64_t rejected_spans(std::string_view answer);

}  // namespace baedal::tracing
