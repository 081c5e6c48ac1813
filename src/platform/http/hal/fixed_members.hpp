#pragma once

#include <span>
#include <string_view>

#include "kernel/error.hpp"
#include "kernel/json/value.hpp"
#include "platform/http/hal/resource.hpp"

namespace baedal::http::hal {

/// For things of which only the members `changeable` may change: kConflict when `body` gives
/// another known member another value than `present` has. Unknown members are ignored, as
/// everywhere.
[[nodiscard]] Result<void> check_fixed_members(const ResourceType& type, const Resource& present,
                                               const json::Object& body,
                                               std::span<const std::string_view> changeable);

}  // namespace baedal::http::hal
