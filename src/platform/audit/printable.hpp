#pragma once

#include <string>
#include <string_view>

namespace baedal::audit {

/// What came from outside, in bounded length, so that a line stays a line and is JSON whatever that
/// was.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace baedal::audit
