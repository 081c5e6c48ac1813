// A relay whose publish is refused while it reads the table for the next.
#include "platform/messaging/conformance/test_support.hpp"
#include "platform/messaging/memory/memory_bus.hpp"
#include "platform/messaging/relay.hpp"
#include "platform/store/memory/memory_store.hpp"

namespace baedal::messaging {
namespace {

using namespace std::chrono_literals;

/// A bus that refuses the first publish, after a turn of the executor.
class RefusingBus final : public MemoryBus {
 public:
  Task<Result<void>> publish_all(std::vector<Envelope> events) override {
    const bool refuses = publishes_++ == 0;
    co_await yield();
    if (refuses) co_return unavailable("test", "the bus refused");
    co_return co_await MemoryBus::publish_all(std::move(events));
  }

 private:
  int publishes_ = 0;
};

TEST(RelayRefusal, sends_nothing_behind_a_publish_that_is_refused_while_the_table_is_read) {
  ManualExecutor executor;
  FixedClock clock;
  store::MemoryDisk disk{"test"};
  store::MemoryStore store{disk, clock};
  RefusingBus bus;
  Received received;
  auto five_events = [](store::Tx& tx) -> Result<std::string> {
    for (const char* data : {"1", "2", "3", "4", "5"}) {
      auto added = tx.append({.type = "Made", .key = "key", .time = {1}, .data = data});
      if (!added) return pass_on(added);
    }
    return std::string{};
  };
  const RelayOptions one_by_one{.batch_max = 1, .pause_first = 1ms, .pause_max = 4ms};
  auto story = [&]() -> Task<void> {
    const OnceKey none;
    EXPECT_TRUE(co_await store.commit_once(none, five_events));
    Relay relay("service", store, bus, clock, one_by_one);
    relay.start();
    const std::function<bool()> all_sent = [&] { return relay.stats().published_seq == 5; };
    co_await until(all_sent);
    co_await relay.stop();
    auto replaying = bus.replay(received.handler());
    EXPECT_TRUE(co_await replaying);
  };
  executor.run(story());
  std::string order;
  for (const Envelope& event : received.events) order += event.data;
  EXPECT_EQ(order, "12345");
}

}  // namespace
}  // namespace baedal::messaging
