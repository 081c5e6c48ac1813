#include "platform/messaging/embedded/crc32c.hpp"

#include <array>
#include <cstring>

namespace baedal::messaging {
namespace {

constexpr std::uint32_t kPolynomialReflected = 0x82f63b78U;

constexpr std::array<std::uint32_t, 256> make_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1U) ? kPolynomialReflected : 0U);
    table[byte] = crc;
  }
  return table;
}

constexpr auto kTable = make_table();

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) std::uint32_t crc32c_sse42(const unsigned char* bytes,
                                                             std::size_t size, std::uint32_t seed) {
  std::uint64_t crc = ~seed;
  for (; size >= 8; bytes += 8, size -= 8) {
    std::uint64_t word;
    std::memcpy(&word, bytes, 8);
    crc = __builtin_ia32_crc32di(crc, word);
  }
  auto tail = static_cast<std::uint32_t>(crc);
  for (; size > 0; ++bytes, --size) tail = __builtin_ia32_crc32qi(tail, *bytes);
  return ~tail;
}
#endif

}  // namespace

std::uint32_t crc32c(const void* data, std::size_t size, std::uint32_t seed) {
#if defined(__x86_64__)
  static const bool has_instruction = __builtin_cpu_supports("sse4.2");
  if (has_instruction) return crc32c_sse42(static_cast<const unsigned char*>(data), size, seed);
#endif
  return crc32c_portable(data, size, seed);
}

std::uint32_t crc32c_portable(const void* data, std::size_t size, std::uint32_t seed) {
  const auto* bytes = static_cast<const unsigned char*>(data);
  std::uint32_t crc = ~seed;
  for (std::size_t i = 0; i < size; ++i) crc = (crc >> 8) ^ kTable[(crc ^ bytes[i]) & 0xffU];
  return ~crc;
}

}  // namespace baedal::messaging
