// The bytes of one connection: whatever they are, whoever reads them reads the same requests,
// however they are cut. The first byte says where.
#include "fuzz.hpp"
#include "platform/http/testing/reading.hpp"

using baedal::fuzz::promise;
using namespace baedal::http;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t seed = data[0];
  const std::string_view bytes = baedal::fuzz::text_of(data + 1, size - 1);
  ServerLimits limits;
  limits.header_bytes_max = 2048;
  limits.body_bytes_max = 4096;
  const std::string whole = Reading(bytes, {bytes.size(), bytes.size()}, limits).all();
  const Cut cut{1 + seed % 64, 1 + seed / 4};
  promise(Reading(bytes, cut, limits).all() == whole);
  limits.streamed_body_bytes_max = limits.body_bytes_max;
  promise(Reading(bytes, cut, limits).all() == whole);
  return 0;
}
