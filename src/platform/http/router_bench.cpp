// Finding the handler of a path among as many as one service has.
#include <benchmark/benchmark.h>

#include "kernel/async/manual_executor.hpp"
#include "platform/http/router.hpp"

namespace baedal::http {
namespace {

void route(benchmark::State& state, std::string_view path) {
  Router router;
  const auto answer = [](Request&) -> Task<Response> { co_return Response{}; };
  for (const char* pattern : {"/things", "/things/{id}", "/things/search", "/profile/things",
                              "/things/search/findByName", "/actuator/health"}) {
    router.add(Method::kGet, pattern, answer);
  }
  Request request;
  request.path = path;
  for (auto _ : state) {
    // The task is not run: what is measured is the way to it.
    benchmark::DoNotOptimize(router.handle(request));
  }
}
BENCHMARK_CAPTURE(route, collection, "/things");
BENCHMARK_CAPTURE(route, item, "/things/1234567");
BENCHMARK_CAPTURE(route, unknown, "/nothing/here");

}  // namespace
}  // namespace baedal::http
