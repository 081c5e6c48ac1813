// A row as the bytes that are kept, and back: what each point read of a view pays.
#include <benchmark/benchmark.h>

#include "platform/store/lmdb/encoding.hpp"

namespace baedal::store::lmdb {
namespace {

constexpr std::int64_t kId = 1234567;

Row row() {
  constexpr std::int64_t kTime = 1'795'385'658'776'123;
  return {kId,   std::int64_t{12},     std::string{"a name"},  std::int64_t{2}, std::string{"KRW"},
          kTime, std::string{"ready"}, std::int64_t{12345678}, Value{},         kTime};
}

void encode_one(benchmark::State& state) {
  const Row one = row();
  for (auto _ : state) benchmark::DoNotOptimize(encode_row(one));
}
BENCHMARK(encode_one);

void decode_one(benchmark::State& state) {
  const Row one = row();
  const std::string bytes = encode_row(one);
  for (auto _ : state) benchmark::DoNotOptimize(decode_row(kId, bytes, one.size(), one.size()));
}
BENCHMARK(decode_one);

}  // namespace
}  // namespace baedal::store::lmdb
