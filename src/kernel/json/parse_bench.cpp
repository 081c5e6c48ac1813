// How long a small request body takes, as a tree and as views into its text.
#include <benchmark/benchmark.h>

#include "kernel/json/flat_object.hpp"
#include "kernel/json/parse.hpp"

namespace baedal::json {
namespace {

constexpr std::string_view kBody = R"({"thingId":1,"qty":2,"note":"leave it at the door, please"})";

void parse_tree(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(parse(kBody));
  state.SetBytesProcessed(state.iterations() * std::ssize(kBody));
}
BENCHMARK(parse_tree);

void parse_flat(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(FlatObject::parse(kBody));
  state.SetBytesProcessed(state.iterations() * std::ssize(kBody));
}
BENCHMARK(parse_flat);

}  // namespace
}  // namespace baedal::json
