#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace baedal {

/// Which versions of a thing a change may be applied to: the If-Match of a request (RFC 9110
/// section 13.1.1), decided inside the transaction together with the change.
struct Precondition {
  bool any = true;                       ///< no condition, or `*`
  std::vector<std::int64_t> versions{};  ///< else one of these

  [[nodiscard]] bool allows(std::int64_t version) const {
    return any || std::ranges::find(versions, version) != versions.end();
  }
};

}  // namespace baedal
