// The suite that every Bus passes, on the bus of the simulation: in fair weather, and with batches
// that come twice and in another order of their keys. Where it refuses, or goes back to what a
// group had long ago, the suite has nothing to say.
#include "simulation/topic_bus.hpp"

#include <initializer_list>

#include "platform/messaging/conformance/bus_conformance.hpp"
#include "simulation/timeline.hpp"

namespace baedal::simulation {
namespace {

using messaging::BusCase;
using messaging::BusConformance;

/// Follows the executor that asks, which is the suite's.
class AskersClock final : public Clock {
 public:
  [[nodiscard]] Timestamp now() const override { return {}; }
  [[nodiscard]] std::chrono::steady_clock::time_point monotonic() const override {
    const auto& executor = dynamic_cast<ManualExecutor&>(Executor::current());
    return std::chrono::steady_clock::time_point{executor.now()};
  }
};

class TopicHarness final : public messaging::BusHarness {
 public:
  TopicHarness(int partitions, Faults faults) : plan_{.faults = faults}, topic_(partitions) {}
  std::unique_ptr<messaging::Bus> open() override {
    return std::make_unique<TopicBus>("bus", topic_, life_, clock_,
                                      TopicBus::World{weather_, story_, std::nullopt, 100});
  }
  [[nodiscard]] bool has_threads() const override { return false; }

 private:
  const Plan plan_;
  Weather weather_{plan_};
  Timeline timeline_{Chance(plan_.seed)};
  Story story_{timeline_, false};
  Life life_;
  AskersClock clock_;
  Topic topic_;
};

BusCase topic_case(std::string name, int partitions, std::initializer_list<Fault> faults) {
  Faults set;
  for (const Fault fault : faults) set.set(static_cast<std::size_t>(fault));
  return {std::move(name),
          [partitions, set] { return std::make_unique<TopicHarness>(partitions, set); }};
}

INSTANTIATE_TEST_SUITE_P(
    Simulated, BusConformance,
    ::testing::Values(topic_case("fair", 1, {}), topic_case("in_three_partitions", 3, {}),
                      topic_case("at_its_worst", 3, {Fault::kBusTwice, Fault::kBusReorders})),
    messaging::case_name);

}  // namespace
}  // namespace baedal::simulation
