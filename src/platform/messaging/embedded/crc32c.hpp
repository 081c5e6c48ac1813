#pragma once

#include <cstddef>
#include <cstdint>

namespace baedal::messaging {

/// CRC-32C (Castagnoli), as iSCSI and ext4 use it; with the CPU's instruction where there is one.
/// Chain by passing the previous result as `seed`.
[[nodiscard]] std::uint32_t crc32c(const void* data, std::size_t size, std::uint32_t seed = 0);

/// The same without the instruction, for machines that lack it; shown equal by the tests.
[[nodiscard]] std::uint32_t crc32c_portable(const void* data, std::size_t size,
                                            std::uint32_t seed = 0);

}  // namespace baedal::messaging
