// What a call pays for being guarded, while the breaker is closed and while it is open.
#include <benchmark/benchmark.h>

#include "platform/clock/system_clock.hpp"
#include "platform/resilience/circuit_breaker.hpp"

namespace baedal::resilience {
namespace {

void breaker_closed(benchmark::State& state) {
  const SystemClock clock;
  CircuitBreaker breaker("bench", {}, clock);
  for (auto _ : state) {
    auto permission = breaker.try_acquire();
    if (!permission) state.SkipWithError("a closed breaker refused a call");
    if (permission) permission->succeeded();
  }
}
BENCHMARK(breaker_closed);

void breaker_open(benchmark::State& state) {
  const SystemClock clock;
  CircuitBreaker breaker("bench", {}, clock);
  breaker.transition_to(CircuitState::kForcedOpen);
  for (auto _ : state) {
    if (breaker.try_acquire()) state.SkipWithError("an open breaker permitted a call");
  }
}
BENCHMARK(breaker_open);

}  // namespace
}  // namespace baedal::resilience
