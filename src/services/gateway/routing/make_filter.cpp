#include <array>

#include "services/gateway/routing/guard_filters.hpp"
#include "services/gateway/routing/header_filters.hpp"

namespace baedal::gateway {
namespace {

constexpr std::array<std::string_view, 26> kNames{"AddRequestHeader",
                                                  "AddRequestParameter",
                                                  "AddResponseHeader",
                                                  "CircuitBreaker",
                                                  "DedupeResponseHeader",
                                                  "FallbackHeaders",
                                                  "Hystrix",
                                                  "LocalResponseCache",
                                                  "PrefixPath",
                                                  "PreserveHostHeader",
                                                  "RedirectTo",
                                                  "RemoveRequestHeader",
                                                  "RemoveRequestParameter",
                                                  "RemoveResponseHeader",
                                                  "RequestHeaderSize",
                                                  "RequestRateLimiter",
                                                  "RequestSize",
                                                  "Retry",
                                                  "RewriteLocationResponseHeader",
                                                  "RewritePath",
                                                  "SecureHeaders",
                                                  "SetPath",
                                                  "SetRequestHeader",
                                                  "SetResponseHeader",
                                                  "SetStatus",
                                                  "StripPrefix"};

}  // namespace

Result<FilterPointer> make_filter(const std::string& name, Arguments arguments,
                                  const FilterTools& tools) {
  FilterPointer filter = make_request_filter(name, arguments);
  if (!filter) filter = make_response_filter(name, arguments);
  if (!filter) filter = make_guard_filter(name, arguments, tools);
  if (auto ok = arguments.finish(); !ok) {
    return fail(ErrorKind::kInvalid, "bad-routes",
                filter ? "the filter " + name + " " + ok.error().detail + "."
                       : "unknown filter \"" + name + "\".");
  }
  if (!filter) return fail(ErrorKind::kInvalid, "bad-routes", "unknown filter \"" + name + "\".");
  return filter;
}

std::span<const std::string_view> filter_names() { return kNames; }

}  // namespace baedal::gateway
