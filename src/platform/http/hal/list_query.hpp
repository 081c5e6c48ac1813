#pragma once

#include <string_view>

#include "platform/http/hal/resource.hpp"

namespace baedal::http::hal {

inline constexpr std::int64_t kPageSizeDefault = 20;
inline constexpr std::int64_t kPageSizeMax = 1000;
inline constexpr std::int64_t kPageNumberMax = 1'000'000'000;

/// Reads page, size and sort as Spring Data does: a bad value is never an error but its default,
/// sizes above `size_max` become that, unknown and unsortable sort properties are dropped. A
/// collection that is not paged has the largest size as its default.
[[nodiscard]] ListQuery parse_list_query(const ResourceType& type, std::string_view query,
                                         std::int64_t size_max = kPageSizeMax);

}  // namespace baedal::http::hal
