#pragma once

#include <string_view>

namespace baedal::http {

/// Why the server itself answers instead of a handler. All views are literals.
struct Refusal {
  int status = 400;
  std::string_view code;
  std::string_view detail;
};

/// Of a request that came when too many had come.
inline constexpr Refusal kOverloaded{503, "overloaded",
                                     "More requests are coming in than can be taken on now."};

}  // namespace baedal::http
