#pragma once

#include <cstddef>
#include <string_view>

#include "kernel/error.hpp"
#include "kernel/json/value.hpp"

namespace baedal::json {

struct ParseLimits {
  std::size_t depth_max = 32;       ///< nesting of arrays and objects
  std::size_t values_max = 10'000;  ///< values in all
};

/// Parses one JSON text strictly (RFC 8259; UTF-8 checked; duplicate names refused, since two
/// readers of such a text may see different requests). Errors are ErrorKind::kInvalid with the
/// position in `detail`.
[[nodiscard]] Result<Value> parse(std::string_view text, ParseLimits limits = {});

}  // namespace baedal::json
