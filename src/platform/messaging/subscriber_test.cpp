// Subscriber on a MemoryBus: what happens to events whose handlers fail.
#include "platform/messaging/subscriber.hpp"

#include "kernel/async/sync.hpp"
#include "platform/messaging/conformance/test_support.hpp"
#include "platform/messaging/memory/memory_bus.hpp"
#include "platform/messaging/store_parking.hpp"
#include "platform/store/faulty/faulty_store.hpp"
#include "platform/store/memory/memory_store.hpp"

namespace baedal::messaging {
namespace {

using namespace std::chrono_literals;

constexpr RetryPolicy kQuick{.attempts_max = 3, .pause_first = 1ms, .pause_max = 4ms};

class SubscriberTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto parking = executor_.run(StoreParking::open(faulty_));
    ASSERT_TRUE(parking);
    parking_ = std::move(*parking);
    subscriber_ = std::make_unique<Subscriber>("group", *parking_, clock_, kQuick);
  }

  /// Handles "Made" by noting the id; fails as `failures_` says for the id, while it says so.
  void note_made() {
    subscriber_->on("Made", [this](const Envelope& event) { return note(event); });
  }
  Task<Result<void>> note(const Envelope& event) {
    ++attempts_[event.id];
    co_await sleep_for(1ms);
    const auto failure = failures_.find(event.id);
    if (failure != failures_.end()) co_return std::unexpected(failure->second);
    effects_.push_back(event);
    co_return Result<void>{};
  }

  void publish(std::span<const Envelope> events) {
    ASSERT_TRUE(executor_.run(bus_.publish(events)));
  }
  void start() {
    subscriber_->subscribe_to(bus_);
    auto starting = [](Bus& bus) -> Task<Result<void>> { co_return bus.start(); };
    ASSERT_TRUE(executor_.run(starting(bus_)));
  }
  void wait_until(const std::function<bool()>& condition) { executor_.run(until(condition)); }
  void wait_until_caught_up() {
    wait_until([this] { return bus_.groups().at(0).lag == 0; });
  }
  void stop() { executor_.run(bus_.stop()); }
  std::vector<std::string> parked_ids() {
    std::vector<std::string> ids;
    const auto events = executor_.run(parking_->list(1000));
    for (const ParkedEvent& event : events.value()) ids.push_back(event.envelope.id);
    return ids;
  }
  std::vector<std::string> effect_ids() const {
    std::vector<std::string> ids;
    for (const auto& event : effects_) ids.push_back(event.id);
    return ids;
  }

  ManualExecutor executor_;
  FixedClock clock_;
  store::MemoryDisk disk_;
  store::MemoryStore store_{disk_, clock_};
  store::FaultyStore faulty_{store_};
  std::unique_ptr<StoreParking> parking_;
  MemoryBus bus_{{.pause_first = 1ms, .pause_max = 4ms}};
  std::unique_ptr<Subscriber> subscriber_;
  std::map<std::string, Error> failures_;
  std::map<std::string, int> attempts_;
  std::vector<Envelope> effects_;
};

const Error kPoison{ErrorKind::kInternal, "poison", "cannot be handled"};
const Error kAway{ErrorKind::kUnavailable, "away", "not there now"};

TEST_F(SubscriberTest, calls_the_handler_of_the_type_and_passes_over_the_others) {
  note_made();
  publish(std::vector{make_event(0, "a"), make_event(1, "a", "Other"), make_event(2, "b")});
  start();
  wait_until_caught_up();
  stop();
  EXPECT_EQ(effects_.size(), 2U);
  EXPECT_EQ(subscriber_->stats().handled, 2U);
  EXPECT_EQ(subscriber_->stats().ignored, 1U);
}

TEST_F(SubscriberTest, takes_the_type_of_a_foreign_record_from_its_data) {
  note_made();
  Envelope foreign = make_event(0, "a", "");
  foreign.data = R"({"eventType":"Made","number":1})";
  Envelope unreadable = make_event(1, "a", "");
  unreadable.data = "not json";
  Envelope other = make_event(2, "a", "");
  other.data = R"({"eventType":5})";
  publish(std::vector{foreign, unreadable, other});
  start();
  wait_until_caught_up();
  stop();
  ASSERT_EQ(effects_.size(), 1U);
  EXPECT_EQ(effects_[0].type, "Made");
  EXPECT_EQ(effects_[0].id, "id-0");
  EXPECT_EQ(subscriber_->stats().ignored, 2U);
}

TEST_F(SubscriberTest, keys_run_side_by_side_and_one_key_in_order) {
  int running = 0;
  int running_max = 0;
  std::map<std::string, int> running_by_key;
  auto handler = [&](const Envelope& event) -> Task<Result<void>> {
    EXPECT_EQ(++running_by_key[event.key], 1);
    running_max = std::max(running_max, ++running);
    co_await sleep_for(2ms);
    --running;
    --running_by_key[event.key];
    effects_.push_back(event);
    co_return Result<void>{};
  };
  subscriber_->on("Made", handler);
  const auto events = make_events(0, 50, 5);
  publish(events);
  start();
  wait_until_caught_up();
  stop();
  EXPECT_EQ(running_max, 5);
  EXPECT_EQ(Received::ids_by_key(effects_), Received::ids_by_key(events));
}

TEST_F(SubscriberTest, a_poison_event_is_parked_after_its_tries_and_its_key_behind_it) {
  note_made();
  failures_["id-1"] = kPoison;
  publish(std::vector{make_event(0, "a"), make_event(1, "a"), make_event(2, "b"),
                      make_event(3, "a"), make_event(4, "b")});
  start();
  wait_until_caught_up();
  publish(std::vector{make_event(5, "a"), make_event(6, "b")});
  wait_until_caught_up();
  stop();
  EXPECT_EQ(attempts_["id-1"], kQuick.attempts_max);
  EXPECT_EQ(attempts_.count("id-3"), 0U) << "not before the event it follows";
  EXPECT_EQ(parked_ids(), (std::vector<std::string>{"id-1", "id-3", "id-5"}));
  EXPECT_EQ(effects_.size(), 4U);
  const auto first = executor_.run(parking_->list(1)).value().at(0);
  EXPECT_EQ(first.reason, "poison: cannot be handled");
  EXPECT_EQ(first.attempts, kQuick.attempts_max);
  EXPECT_EQ(subscriber_->stats().parked, 3U);
}

TEST_F(SubscriberTest, replay_takes_parked_events_in_order_and_frees_their_key) {
  note_made();
  failures_["id-0"] = kPoison;
  publish(make_events(0, 4, 1));
  start();
  wait_until_caught_up();
  EXPECT_TRUE(effects_.empty());

  failures_.clear();
  EXPECT_EQ(executor_.run(subscriber_->replay_parked()).value(), 4);
  EXPECT_TRUE(parked_ids().empty());
  publish(make_events(4, 1, 1));
  wait_until_caught_up();
  stop();
  EXPECT_EQ(effect_ids(), (std::vector<std::string>{"id-0", "id-1", "id-2", "id-3", "id-4"}));
}

TEST_F(SubscriberTest, replay_leaves_a_key_that_fails_again_parked_whole) {
  note_made();
  failures_["id-0"] = kPoison;
  failures_["id-1"] = kPoison;
  publish(make_events(0, 6, 2));  // even numbers: key-0, odd: key-1
  start();
  wait_until_caught_up();
  failures_.erase("id-1");
  EXPECT_EQ(executor_.run(subscriber_->replay_parked()).value(), 3);
  stop();
  EXPECT_EQ(effect_ids(), (std::vector<std::string>{"id-1", "id-3", "id-5"}));
  EXPECT_EQ(parked_ids(), (std::vector<std::string>{"id-0", "id-2", "id-4"}));
}

TEST_F(SubscriberTest, two_replays_at_a_time_are_refused) {
  note_made();
  failures_["id-0"] = kPoison;
  publish(make_events(0, 1));
  start();
  wait_until_caught_up();
  failures_.clear();
  auto both = [&]() -> Task<void> {
    TaskGroup group;
    std::vector<Result<std::int64_t>> results;
    auto one = [&]() -> Task<void> { results.push_back(co_await subscriber_->replay_parked()); };
    group.spawn(one());
    group.spawn(one());
    co_await group.join();
    EXPECT_EQ(results.at(0).error().kind, ErrorKind::kConflict);
    EXPECT_EQ(results.at(1).value(), 1);
  };
  executor_.run(both());
  stop();
}

/// For services that take a batch in one piece: notes the pieces, and fails those with a failure
/// in.
class TogetherTest : public SubscriberTest {
 protected:
  void SetUp() override {
    SubscriberTest::SetUp();
    static constexpr std::string_view kTypes[] = {"Made", "Sold"};
    subscriber_->on_all(kTypes,
                        [this](std::span<const Envelope* const> events) { return take(events); });
  }
  Task<Result<void>> take(std::span<const Envelope* const> events) {
    co_await sleep_for(1ms);
    for (const Envelope* event : events) {
      ++attempts_[event->id];
      const auto failure = failures_.find(event->id);
      if (failure != failures_.end()) co_return std::unexpected(failure->second);
    }
    pieces_.push_back(events.size());
    for (const Envelope* event : events) effects_.push_back(*event);
    co_return Result<void>{};
  }
  std::vector<std::size_t> pieces_;
};

TEST_F(TogetherTest, a_batch_is_handled_in_one_piece_and_in_order) {
  publish(std::vector{make_event(0, "a"), make_event(1, "b", "Sold"), make_event(2, "a", "Other"),
                      make_event(3, "a", "Sold")});
  start();
  wait_until_caught_up();
  stop();
  EXPECT_EQ(pieces_, (std::vector<std::size_t>{3}));
  EXPECT_EQ(effect_ids(), (std::vector<std::string>{"id-0", "id-1", "id-3"}));
  EXPECT_EQ(subscriber_->stats().handled, 3U);
  EXPECT_EQ(subscriber_->stats().ignored, 1U);
}

TEST_F(TogetherTest,
       of_a_batch_that_fails_only_the_event_at_fault_is_parked_and_its_key_behind_it) {
  failures_["id-1"] = kPoison;
  publish(std::vector{make_event(0, "a"), make_event(1, "a"), make_event(2, "b"),
                      make_event(3, "a"), make_event(4, "b")});
  start();
  wait_until_caught_up();
  publish(std::vector{make_event(5, "b"), make_event(6, "a")});
  wait_until_caught_up();
  stop();
  EXPECT_EQ(parked_ids(), (std::vector<std::string>{"id-1", "id-3", "id-6"}));
  EXPECT_EQ(Received::ids_by_key(effects_), (std::map<std::string, std::vector<std::string>>{
                                                {"a", {"id-0"}}, {"b", {"id-2", "id-4", "id-5"}}}));
}

TEST_F(TogetherTest, what_is_parked_is_replayed_one_by_one) {
  failures_["id-0"] = kPoison;
  publish(make_events(0, 3, 1));
  start();
  wait_until_caught_up();
  failures_.clear();
  EXPECT_EQ(executor_.run(subscriber_->replay_parked()).value(), 3);
  stop();
  EXPECT_EQ(effect_ids(), (std::vector<std::string>{"id-0", "id-1", "id-2"}));
}

TEST_F(SubscriberTest, something_unavailable_is_waited_for_without_end_and_reported) {
  note_made();
  failures_["id-0"] = kAway;
  publish(make_events(0, 1));
  start();
  wait_until([&] { return attempts_["id-0"] > 5 * kQuick.attempts_max; });
  wait_until([&] { return !subscriber_->health(); });
  EXPECT_NE(subscriber_->health().error().detail.find("not there now"), std::string::npos);
  EXPECT_EQ(subscriber_->stats().waiting, 1U);
  failures_.clear();
  wait_until_caught_up();
  stop();
  EXPECT_TRUE(subscriber_->health());
  EXPECT_EQ(effects_.size(), 1U);
  EXPECT_TRUE(parked_ids().empty());
}

TEST_F(SubscriberTest, a_stop_ends_the_waiting_and_the_batch_comes_again) {
  const auto topic = std::make_shared<MemoryTopic>();
  MemoryBus bus({}, topic);
  Subscriber waiting("group", *parking_, clock_,
                     {.attempts_max = 3, .pause_first = 1h, .pause_max = 1h});
  waiting.on("Made", [this](const Envelope& event) { return note(event); });
  waiting.subscribe_to(bus);
  failures_["id-0"] = kAway;
  failures_["id-1"] = kPoison;
  const auto events = make_events(0, 3);
  auto story = [&]() -> Task<void> {
    EXPECT_TRUE(co_await bus.publish(events));
    EXPECT_TRUE(bus.start());
    const std::function<bool()> pausing = [&] { return waiting.stats().retried == 2; };
    co_await until(pausing);
    const auto before = executor_.now();
    co_await bus.stop();
    EXPECT_LT(executor_.now() - before, 1h);
  };
  executor_.run(story());
  EXPECT_TRUE(parked_ids().empty());
  EXPECT_EQ(topic->positions["group"], 0);
}

TEST_F(SubscriberTest, whichever_store_call_fails_while_parking_no_event_is_lost_or_overtaken) {
  for (const auto mode : {store::FaultMode::kRefused, store::FaultMode::kAnswerLost}) {
    for (int n = 1;; ++n) {
      SCOPED_TRACE("call " + std::to_string(n));
      store::MemoryDisk disk;
      store::MemoryStore memory(disk, clock_);
      store::FaultyStore faulty(memory);
      auto parking = std::move(executor_.run(StoreParking::open(faulty)).value());
      faulty.fail_call(n, mode);
      MemoryBus bus;
      Subscriber subscriber("group", *parking, clock_, kQuick);
      std::set<std::string> poisoned{"id-1"};
      std::vector<std::string> effects;
      auto handler = [&](const Envelope& event) -> Task<Result<void>> {
        if (poisoned.contains(event.id)) co_return std::unexpected(kPoison);
        effects.push_back(event.id);
        co_return Result<void>{};
      };
      subscriber.on("Made", handler);
      subscriber.subscribe_to(bus);
      const auto events = make_events(0, 4, 1);
      auto story = [&]() -> Task<void> {
        EXPECT_TRUE(co_await bus.publish(events));
        EXPECT_TRUE(bus.start());
        const std::function<bool()> handled = [&] { return bus.groups().at(0).lag == 0; };
        co_await until(handled);
        poisoned.clear();
        while (true) {
          const auto replayed = co_await subscriber.replay_parked();
          if (replayed) break;
        }
        co_await bus.stop();
      };
      executor_.run(story());
      // An effect may come again after a lost answer; the first of each are in order.
      std::vector<std::string> first_effects;
      for (const auto& id : effects) {
        if (std::ranges::count(first_effects, id) == 0) first_effects.push_back(id);
      }
      EXPECT_EQ(first_effects, (std::vector<std::string>{"id-0", "id-1", "id-2", "id-3"}));
      EXPECT_FALSE(parking->holds_key("key-0"));
      if (!faulty.fired()) break;
    }
  }
}

}  // namespace
}  // namespace baedal::messaging
