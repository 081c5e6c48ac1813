#pragma once

#include <cstdint>

namespace baedal::http {

/// How many bytes the other side's system has acknowledged on the connected TCP socket `fd`, also
/// after it was reset; its SYN counts as one. What was never acknowledged no process has ever read.
/// The largest number when the system does not say, so that nothing counts as undelivered.
[[nodiscard]] std::uint64_t acknowledged_bytes(int fd);

}  // namespace baedal::http
