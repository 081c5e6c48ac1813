#pragma once

#include <string_view>

namespace baedal::http {

/// Why the server itself answers instead of a handler. All views are literals.
struct Refusal {
  int status = 400;
  std::string_view code;
  std::string_view detail;
};

}  // namespace baedal::http
