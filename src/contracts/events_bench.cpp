// The codec of the event every order makes.
#include <benchmark/benchmark.h>

#include "contracts/events.hpp"

namespace baedal::contracts {
namespace {

constexpr Timestamp kTime{1'795'385'658'776'123};

OrderEvent ordered() {
  OrderEvent event{.id = 1234567, .menu_id = 12};
  event.menu_name = "Gimbab";
  event.quantity = 2;
  event.status = "ordered";
  event.amount = 7000;
  event.version = 1;
  event.created_at = kTime;
  return event;
}

void encode_ordered(benchmark::State& state) {
  const OrderEvent event = ordered();
  for (auto _ : state) benchmark::DoNotOptimize(encode(event::kOrdered, kTime, event));
}
BENCHMARK(encode_ordered);

void decode_ordered(benchmark::State& state) {
  const std::string data = encode(event::kOrdered, kTime, ordered());
  for (auto _ : state) {
    auto event = decode_order_event(data);
    if (!event) state.SkipWithError(event.error().detail.c_str());
    benchmark::DoNotOptimize(event);
  }
}
BENCHMARK(decode_ordered);

}  // namespace
}  // namespace baedal::contracts
