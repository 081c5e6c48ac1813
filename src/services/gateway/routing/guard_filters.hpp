#pragma once

#include "services/gateway/routing/filter.hpp"

namespace baedal::gateway {

/// The filters that guard the upstream or its callers: Retry, CircuitBreaker, FallbackHeaders,
/// RequestRateLimiter, LocalResponseCache. Null for a name that is none of them.
[[nodiscard]] FilterPointer make_guard_filter(const std::string& name, Arguments& arguments,
                                              const FilterTools& tools);

}  // namespace baedal::gateway
