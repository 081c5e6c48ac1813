// Relay between a MemoryStore and buses that misbehave: nothing lost, the order kept, and behind
// a consumer that dedupes every effect exactly once.
#include "platform/messaging/relay.hpp"

#include <deque>
#include <map>

#include "kernel/async/sync.hpp"
#include "platform/messaging/conformance/test_support.hpp"
#include "platform/messaging/memory/memory_bus.hpp"
#include "platform/messaging/store_parking.hpp"
#include "platform/messaging/subscriber.hpp"
#include "platform/store/faulty/faulty_store.hpp"
#include "platform/store/memory/memory_store.hpp"

namespace baedal::messaging {
namespace {

using namespace std::chrono_literals;

constexpr RelayOptions kQuick{
    .batch_max = 4, .in_flight_max = 12, .hand_over_max = 16, .pause_first = 1ms, .pause_max = 4ms};

/// A bus that is slow to make durable, and fails the n-th publish: either it has kept it (answer
/// lost), or neither it nor what is started behind it meanwhile.
class SlowFailingBus final : public MemoryBus {
 public:
  SlowFailingBus(int fail_nth, bool keeps_it) : fail_nth_(fail_nth), keeps_it_(keeps_it) {}

  Task<Result<void>> publish_all(std::vector<Envelope> events) override {
    const bool failing = ++publishes_ == fail_nth_;
    if (failing) broken_ = !keeps_it_;
    const bool kept = !broken_;
    in_flight_max_ = std::max(in_flight_max_, ++in_flight_);
    if (kept) {
      EXPECT_TRUE(co_await MemoryBus::publish_all(events));
    }
    co_await sleep_for(3ms);
    --in_flight_;
    if (failing) broken_ = false;
    if (failing || !kept) co_return unavailable("test", "the bus failed");
    co_return Result<void>{};
  }
  [[nodiscard]] bool fired() const { return publishes_ >= fail_nth_; }
  [[nodiscard]] int in_flight_max() const { return in_flight_max_; }

 private:
  const int fail_nth_;
  const bool keeps_it_;
  int publishes_ = 0;
  bool broken_ = false;
  int in_flight_ = 0;
  int in_flight_max_ = 0;
};

store::OutboxEvent outbox_event(int number, const std::string& key) {
  return {.type = "Made", .key = key, .time = {number + 1}, .data = std::to_string(number)};
}

/// One commit that appends events `first` to `first + count - 1`; tried until it succeeds.
Task<void> commit_events(store::Store& store, int first, int count, int keys = 3) {
  auto body = [&](store::Tx& tx) -> Result<std::string> {
    for (int n = first; n < first + count; ++n) {
      auto added = tx.append(outbox_event(n, "key-" + std::to_string(n % keys)));
      if (!added) return pass_on(added);
    }
    return std::string{};
  };
  const OnceKey key{"commit-" + std::to_string(first), 0};
  while (true) {
    const auto committed = co_await store.commit_once(key, body);
    if (committed) co_return;
  }
}

class RelayTest : public ::testing::Test {
 protected:
  /// The numbers on the bus, repeats and all.
  std::vector<int> published(Bus& bus) {
    Received all;
    EXPECT_TRUE(executor_.run(bus.replay(all.handler())));
    std::vector<int> numbers;
    for (const Envelope& event : all.events) numbers.push_back(std::stoi(event.data));
    return numbers;
  }
  static std::vector<int> counted(int count) {
    std::vector<int> numbers;
    for (int n = 0; n < count; ++n) numbers.push_back(n);
    return numbers;
  }
  static Task<void> start(Relay& relay) {
    relay.start();
    co_return;
  }

  ManualExecutor executor_;
  FixedClock clock_;
  store::MemoryDisk disk_;
  store::MemoryStore store_{disk_, clock_};
};

TEST_F(RelayTest, counts_what_it_gives_to_the_bus_by_type) {
  std::map<std::string, metrics::Counter> counters;
  int asked = 0;
  PublishedTypes types([&](std::string_view type) -> metrics::Counter& {
    ++asked;
    return counters[std::string{type}];
  });
  RelayOptions options = kQuick;
  options.types = &types;
  MemoryBus bus;
  Relay relay("service", store_, bus, clock_, options);
  executor_.run(commit_events(store_, 0, 4));
  executor_.run(start(relay));
  executor_.run(commit_events(store_, 4, 4));
  executor_.run(relay.stop());
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(counters["Made"].value(), 8U);
}

TEST_F(RelayTest, carries_what_was_committed_before_and_after_its_start_with_lasting_ids) {
  MemoryBus bus;
  Relay relay("service", store_, bus, clock_, kQuick);
  executor_.run(commit_events(store_, 0, 10));
  executor_.run(start(relay));
  executor_.run(commit_events(store_, 10, 10));
  executor_.run(relay.stop());
  EXPECT_EQ(published(bus), counted(20));

  Received all;
  ASSERT_TRUE(executor_.run(bus.replay(all.handler())));
  EXPECT_EQ(all.events[0].id, store_.uid() + "-1");
  EXPECT_EQ(all.events[19].id, store_.uid() + "-20");
  EXPECT_EQ(all.events[4].source, "service");
  EXPECT_EQ(all.events[4].type, "Made");
  EXPECT_EQ(all.events[4].key, "key-1");
  EXPECT_EQ(all.events[4].time, Timestamp{5});
  EXPECT_TRUE(executor_.run(store_.read_outbox(0, 100)).value().empty());
}

TEST_F(RelayTest, a_full_hand_over_falls_back_to_the_table) {
  SlowFailingBus bus(0, false);
  Relay relay("service", store_, bus, clock_, kQuick);
  auto story = [&]() -> Task<void> {
    relay.start();
    for (int i = 0; i < 40; ++i) co_await commit_events(store_, i * 10, 10);
    co_await relay.stop();
  };
  executor_.run(story());
  EXPECT_EQ(published(bus), counted(400));
  EXPECT_GE(bus.in_flight_max(), 3) << "publishes are pipelined";
  EXPECT_LE(bus.in_flight_max(), 12);
}

TEST_F(RelayTest, one_commit_larger_than_the_hand_over_is_carried_whole) {
  MemoryBus bus;
  Relay relay("service", store_, bus, clock_, kQuick);
  executor_.run(start(relay));
  executor_.run(commit_events(store_, 0, 500));
  executor_.run(relay.stop());
  EXPECT_EQ(published(bus), counted(500));
}

TEST_F(RelayTest, stats_tell_what_waits_and_for_how_long) {
  SlowFailingBus bus(0, false);
  Relay relay("service", store_, bus, clock_, kQuick);
  auto story = [&]() -> Task<void> {
    relay.start();
    co_await commit_events(store_, 0, 10);
    const RelayStats waiting = relay.stats();
    EXPECT_EQ(waiting.committed_seq, 10);
    EXPECT_EQ(waiting.published_seq, 0);
    EXPECT_EQ(waiting.oldest_unsent_time, Timestamp{1});
    EXPECT_EQ(waiting.oldest_unsent_age, clock_.now() - Timestamp{1});
    co_await relay.stop();
  };
  executor_.run(story());
  const RelayStats done = relay.stats();
  EXPECT_EQ(done.published_seq, 10);
  EXPECT_EQ(done.oldest_unsent_time, Timestamp{});
  EXPECT_EQ(done.failures, 0U);
}

TEST_F(RelayTest, a_stop_while_the_bus_refuses_ends_and_the_next_start_sends_the_rest) {
  MemoryBus healthy;
  class Refusing final : public Bus {
   public:
    Task<Result<void>> publish_all(std::vector<Envelope>) override {
      ++refused;
      co_return unavailable("test", "refused");
    }
    void subscribe(std::string, Handler) override {}
    Result<void> start() override { return {}; }
    Task<void> stop() override { co_return; }
    StopFlag& stop_flag() override { return flag; }
    Task<Result<void>> replay(Handler) override { co_return Result<void>{}; }
    [[nodiscard]] std::vector<GroupStatus> groups() const override { return {}; }
    [[nodiscard]] Result<void> health() const override { return {}; }
    StopFlag flag;
    int refused = 0;
  } refusing;
  {
    Relay relay("service", store_, refusing, clock_, kQuick);
    auto story = [&]() -> Task<void> {
      relay.start();
      co_await commit_events(store_, 0, 10);
      const std::function<bool()> tried = [&] { return refusing.refused > 5; };
      co_await until(tried);
      co_await relay.stop();
    };
    executor_.run(story());
    EXPECT_GT(relay.stats().failures, 4U);
  }
  Relay relay("service", store_, healthy, clock_, kQuick);
  executor_.run(start(relay));
  executor_.run(relay.stop());
  EXPECT_EQ(published(healthy), counted(10));
}

TEST_F(RelayTest, gives_way_to_the_callers_of_the_commit_whose_rows_it_carries) {
  // The store wakes the relay first and then its caller, as a group committer does.
  MemoryBus bus;
  Relay relay("service", store_, bus, clock_, kQuick);
  executor_.run(start(relay));
  executor_.run_ready();
  std::int64_t sent_at_answer = -1;
  auto commit = [&](store::Tx& tx) -> Result<std::string> {
    auto added = tx.append(outbox_event(0, "key"));
    if (!added) return pass_on(added);
    return std::string{};
  };
  auto story = [&]() -> Task<void> {
    const OnceKey key = OnceKey::none();
    EXPECT_TRUE(co_await store_.commit_once(key, commit));
    sent_at_answer = relay.stats().published_seq;
    const std::function<bool()> sent = [&] { return relay.stats().published_seq == 1; };
    co_await until(sent);
    co_await relay.stop();
  };
  executor_.run(story());
  EXPECT_EQ(sent_at_answer, 0);
}

TEST_F(RelayTest, finds_what_others_commit_soon_after_what_they_committed_last) {
  struct SharedStore final : store::MemoryStore {
    using MemoryStore::MemoryStore;
    [[nodiscard]] bool is_shared() const override { return true; }
  };
  SharedStore store(disk_, clock_);
  MemoryBus bus;
  Relay relay("service", store, bus, clock_, kQuick);
  auto story = [&]() -> Task<void> {
    relay.start();
    co_await sleep_for(2s);  // until nobody is waited for any more
    for (int n = 0; n < 3; ++n) {
      const auto before = executor_.now();
      co_await commit_events(store_, n, 1);
      const std::function<bool()> sent = [&] { return relay.stats().published_seq == n + 1; };
      co_await until(sent);
      EXPECT_LE(executor_.now() - before, n == 0 ? kQuick.table_poll : 3 * kQuick.table_poll_min);
      co_await sleep_for(kQuick.table_poll_min);
    }
    co_await relay.stop();
  };
  executor_.run(story());
  EXPECT_EQ(published(bus), counted(3));
}

/// The numbers without repeats, in the order each came first.
std::vector<int> first_of_each(const std::vector<int>& numbers) {
  std::vector<int> out;
  std::set<int> seen;
  for (const int n : numbers) {
    if (seen.insert(n).second) out.push_back(n);
  }
  return out;
}

TEST_F(RelayTest, whichever_publish_fails_nothing_is_lost_and_repeats_keep_the_order) {
  for (const bool keeps_it : {false, true}) {
    bool fired = true;
    for (int n = 1; fired; ++n) {
      SCOPED_TRACE("publish " + std::to_string(n));
      store::MemoryDisk disk;
      store::MemoryStore store(disk, clock_);
      SlowFailingBus bus(n, keeps_it);
      Relay relay("service", store, bus, clock_, kQuick);
      auto story = [&]() -> Task<void> {
        relay.start();
        for (int i = 0; i < 10; ++i) co_await commit_events(store, i * 3, 3);
        const std::function<bool()> done = [&] { return relay.stats().published_seq == 30; };
        co_await until(done);
        co_await relay.stop();
      };
      executor_.run(story());
      EXPECT_EQ(first_of_each(published(bus)), counted(30));
      EXPECT_EQ(relay.stats().failures > 0, bus.fired());
      fired = bus.fired();
    }
  }
}

/// A whole chain, whose n-th store call fails: outbox, relay, bus, subscriber, effect.
class Chain {
 public:
  Chain(ManualExecutor& executor, const Clock& clock, MemoryBusOptions bus_options)
      : executor_(executor), clock_(clock), bus_(bus_options) {}

  void run(int commits, int fail_call, store::FaultMode mode) {
    auto parking = std::move(executor_.run(StoreParking::open(consumer_)).value());
    Relay relay("service", producer_, bus_, clock_, kQuick);
    Subscriber subscriber("group", *parking, clock_, {.pause_first = 1ms, .pause_max = 4ms});
    subscriber.on("Made", [this](const Envelope& event) { return take(event); });
    subscriber.subscribe_to(bus_);
    producer_.fail_call(fail_call, mode);
    consumer_.fail_call(fail_call, mode);
    auto story = [&]() -> Task<void> {
      EXPECT_TRUE(bus_.start());
      relay.start();
      for (int i = 0; i < commits; ++i) co_await commit_events(producer_, i * 3, 3);
      const std::function<bool()> done = [&] { return std::ssize(effects) >= commits * 3; };
      co_await until(done);
      co_await relay.stop();
      co_await bus_.stop();
    };
    executor_.run(story());
    EXPECT_EQ(subscriber.stats().parked, 0U);
  }
  [[nodiscard]] bool fired() const { return producer_.fired() || consumer_.fired(); }

  std::vector<int> effects;  ///< in the order they were committed

 private:
  Task<Result<void>> take(const Envelope& event) {
    int effect = -1;
    auto body = [&](store::Tx& tx) -> Result<std::string> {
      const auto id = tx.next_id(kParkedEventsTable);
      if (!id) return std::unexpected(id.error());
      effect = std::stoi(event.data);
      return event.data;
    };
    const OnceKey key = OnceKey::of_event(event.id);
    auto committed = co_await consumer_.commit_once(key, body);
    // An answer lost: the next try is a replay, and tells of the effect.
    if (!committed) co_return pass_on(committed);
    if (noted_.insert(event.id).second) effects.push_back(std::stoi(committed->answer));
    if (!committed->replayed) {
      EXPECT_TRUE(ran_.insert(event.id).second) << "an effect ran twice";
    }
    co_return Result<void>{};
  }

  ManualExecutor& executor_;
  const Clock& clock_;
  store::MemoryDisk producer_disk_, consumer_disk_;
  store::MemoryStore producer_store_{producer_disk_, clock_};
  store::MemoryStore consumer_store_{consumer_disk_, clock_};
  store::FaultyStore producer_{producer_store_}, consumer_{consumer_store_};
  MemoryBus bus_;
  std::set<std::string> noted_, ran_;
};

class ChainTest : public ::testing::TestWithParam<std::tuple<store::FaultMode, bool>> {};

TEST_P(ChainTest, whichever_store_call_fails_every_effect_comes_once_and_in_order_per_key) {
  const auto [mode, worst] = GetParam();
  MemoryBusOptions bus_options{.batch_max = 5, .pause_first = 1ms, .pause_max = 4ms};
  bus_options.deliver_twice = bus_options.shuffle_across_keys = worst;
  ManualExecutor executor;
  const FixedClock clock;
  bool fired = true;
  for (int n = 1; fired; ++n) {
    SCOPED_TRACE("call " + std::to_string(n));
    Chain chain(executor, clock, bus_options);
    chain.run(4, n, mode);
    ASSERT_EQ(chain.effects.size(), 12U);
    std::map<int, std::vector<int>> by_key;
    for (const int number : chain.effects) by_key[number % 3].push_back(number);
    for (const auto& [key, numbers] : by_key) {
      EXPECT_EQ(numbers, (std::vector<int>{key, key + 3, key + 6, key + 9}));
    }
    fired = chain.fired();
  }
}

INSTANTIATE_TEST_SUITE_P(Faults, ChainTest,
                         ::testing::Combine(::testing::Values(store::FaultMode::kRefused,
                                                              store::FaultMode::kAnswerLost),
                                            ::testing::Bool()));

}  // namespace
}  // namespace baedal::messaging
