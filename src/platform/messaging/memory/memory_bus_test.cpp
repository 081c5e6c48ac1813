// MemoryBus against the conformance suite, well-behaved and at its worst.
#include "platform/messaging/memory/memory_bus.hpp"

#include "platform/messaging/conformance/bus_conformance.hpp"
#include "platform/messaging/conformance/test_support.hpp"

namespace baedal::messaging {
namespace {

using namespace std::chrono_literals;

class MemoryHarness final : public BusHarness {
 public:
  explicit MemoryHarness(MemoryBusOptions options) : options_(options) {}
  std::unique_ptr<Bus> open() override { return std::make_unique<MemoryBus>(options_, topic_); }

 private:
  MemoryBusOptions options_;
  std::shared_ptr<MemoryTopic> topic_ = std::make_shared<MemoryTopic>();
};

BusCase memory_case(std::string name, MemoryBusOptions options) {
  return {std::move(name), [options] { return std::make_unique<MemoryHarness>(options); }};
}

INSTANTIATE_TEST_SUITE_P(Memory, BusConformance,
                         ::testing::Values(memory_case("plain",
                                                       {.pause_first = 1ms, .pause_max = 4ms}),
                                           memory_case("at_its_worst", {.deliver_twice = true,
                                                                        .shuffle_across_keys = true,
                                                                        .delay = 1ms,
                                                                        .batch_max = 37,
                                                                        .pause_first = 1ms,
                                                                        .pause_max = 4ms})),
                         case_name);

TEST(MemoryBus, shuffling_changes_the_order_across_keys_only) {
  ManualExecutor executor;
  MemoryBus bus({.shuffle_across_keys = true});
  Received group;
  bus.subscribe("group", group.handler());
  const auto events = make_events(0, 100, 5);
  auto story = [&]() -> Task<void> {
    EXPECT_TRUE(co_await bus.publish(events));
    EXPECT_TRUE(bus.start());
    const std::function<bool()> all = [&] { return group.events.size() == 100; };
    co_await until(all);
    co_await bus.stop();
  };
  executor.run(story());
  EXPECT_NE(group.events, events);
  EXPECT_EQ(group.ids_by_key(), Received::ids_by_key(events));
}

TEST(MemoryBus, delivering_twice_gives_every_event_again) {
  ManualExecutor executor;
  MemoryBus bus({.deliver_twice = true});
  Received group;
  bus.subscribe("group", group.handler());
  const auto events = make_events(0, 10);
  auto story = [&]() -> Task<void> {
    EXPECT_TRUE(co_await bus.publish(events));
    EXPECT_TRUE(bus.start());
    const std::function<bool()> all = [&] { return group.events.size() == 20; };
    co_await until(all);
    co_await bus.stop();
  };
  executor.run(story());
}

}  // namespace
}  // namespace baedal::messaging
