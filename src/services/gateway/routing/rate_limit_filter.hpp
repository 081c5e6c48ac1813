#pragma once

#include "services/gateway/routing/filter.hpp"

namespace baedal::gateway {

/// RequestRateLimiter of a route.
[[nodiscard]] FilterPointer make_rate_limit_filter(Arguments& arguments, const FilterTools& tools);

/// That of a route which says nothing of its own; `tools.rate_limit` must be set.
[[nodiscard]] FilterPointer make_usual_rate_limit(const FilterTools& tools);

}  // namespace baedal::gateway
