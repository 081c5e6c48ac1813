// Parked events of a service whose processes share one database: parked once, known to all before
// they handle what was another's, and taken out for all.
#include "platform/messaging/memory/memory_bus.hpp"
#include "platform/messaging/store_parking.hpp"
#include "platform/messaging/subscriber.hpp"
#include "platform/store/postgres/testing/postgres_under_test.hpp"

namespace baedal::messaging {
namespace {

using store::conformance::TestClock;

Envelope event_of(int number, const std::string& key) {
  return {.id = "e-" + std::to_string(number), .type = "Made", .source = "test", .key = key};
}

ParkedEvent parked(int number, const std::string& key) {
  ParkedEvent event;
  event.group = "group";
  event.envelope = event_of(number, key);
  return event;
}

/// Two processes of one service, each with its store, its parking and its part of the events.
class SharedParkingTest : public testing::Test {
 protected:
  struct Process {
    Process(ManualExecutor& on, const std::string& url, const Clock& clock)
        : store(open(url, clock)), parking(on.run(StoreParking::open(*store)).value()) {}

    static std::unique_ptr<store::PostgresStore> open(const std::string& url, const Clock& clock) {
      store::PostgresOptions options = store::options_of_things(url, clock);
      options.tables.push_back(&kParkedEventsTable);
      options.shared = {{"messaging", migrations()}};
      return store::PostgresStore::open(std::move(options)).value();
    }

    std::unique_ptr<store::PostgresStore> store;
    std::unique_ptr<StoreParking> parking;
  };

  void park(Process& process, int number, const std::string& key) {
    ParkedEvent event = parked(number, key);
    ASSERT_TRUE(executor_.run(process.parking->park(std::move(event))));
  }
  bool park_behind(Process& process, int number, const std::string& key) {
    ParkedEvent event = parked(number, key);
    return executor_.run(process.parking->park_behind(std::move(event))).value();
  }
  std::vector<ParkedEvent> list(Process& process) {
    return executor_.run(process.parking->list(100)).value();
  }

  ManualExecutor executor_;
  const TestClock clock_;
  const std::string url_ = store::postgres::PostgresServer::shared().make_database();
  Process a_{executor_, url_, clock_};
  Process b_{executor_, url_, clock_};
};

TEST_F(SharedParkingTest, an_event_that_both_park_is_there_once) {
  park(a_, 1, "key");
  park(b_, 1, "key");
  EXPECT_EQ(list(a_).size(), 1U);
  EXPECT_EQ(list(b_).size(), 1U);
}

TEST_F(SharedParkingTest, what_is_no_text_or_very_long_is_parked_all_the_same) {
  ParkedEvent garbage = parked(1, std::string{"\xff\0", 2});
  garbage.envelope.data = std::string{"\0\xfe not json", 11};
  ParkedEvent endless = parked(2, std::string(50'000, 'k'));
  endless.envelope.id = std::string(50'000, 'i');
  for (const ParkedEvent& event : {garbage, endless}) {
    auto parking = a_.parking->park(event);
    ASSERT_TRUE(executor_.run(std::move(parking)));
  }
  const auto events = list(b_);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].envelope, garbage.envelope);
  EXPECT_EQ(events[1].envelope.id, endless.envelope.id);
  ASSERT_TRUE(executor_.run(b_.parking->refresh()));
  EXPECT_TRUE(b_.parking->holds_key(garbage.envelope.key));
}

TEST_F(SharedParkingTest, what_one_parks_and_takes_out_the_other_knows_after_a_refresh) {
  park(a_, 1, "key");
  EXPECT_FALSE(b_.parking->holds_key("key"));
  ASSERT_TRUE(executor_.run(b_.parking->refresh()));
  EXPECT_TRUE(b_.parking->holds_key("key"));
  EXPECT_EQ(b_.parking->count(), 1U);
  EXPECT_TRUE(executor_.run(a_.parking->remove(list(a_)[0].id)).value());
  ASSERT_TRUE(executor_.run(b_.parking->refresh()));
  EXPECT_FALSE(b_.parking->holds_key("key"));
  EXPECT_EQ(b_.parking->count(), 0U);
}

TEST_F(SharedParkingTest, nothing_is_parked_behind_what_the_other_has_taken_out) {
  park(a_, 1, "key");
  ASSERT_TRUE(executor_.run(b_.parking->refresh()));
  EXPECT_TRUE(park_behind(b_, 2, "key"));
  for (const ParkedEvent& event : list(a_)) {
    EXPECT_TRUE(executor_.run(a_.parking->remove(event.id)).value());
  }
  EXPECT_TRUE(b_.parking->holds_key("key")) << "as far as it knows";
  EXPECT_FALSE(park_behind(b_, 3, "key"));
  EXPECT_FALSE(b_.parking->holds_key("key"));
  EXPECT_TRUE(list(b_).empty());
}

TEST_F(SharedParkingTest, a_partition_that_comes_from_another_brings_its_parked_keys) {
  park(a_, 1, "key");
  Subscriber subscriber("group", *b_.parking, clock_);
  std::vector<std::string> handled;
  auto note = [&](const Envelope& event) -> Task<Result<void>> {
    handled.push_back(event.id);
    co_return Result<void>{};
  };
  subscriber.on("Made", note);
  /// A bus whose first event comes from a partition that another process had.
  class TakenOver final : public Bus {
   public:
    Task<Result<void>> publish_all(std::vector<Envelope>) override { co_return Result<void>{}; }
    void subscribe(std::string, Handler taken) override { handler = std::move(taken); }
    Result<void> start() override { return {}; }
    Task<void> stop() override { co_return; }
    [[nodiscard]] StopFlag& stop_flag() override { return flag; }
    Task<Result<void>> replay(Handler) override { co_return Result<void>{}; }
    [[nodiscard]] std::vector<GroupStatus> groups() const override { return {}; }
    [[nodiscard]] Result<void> health() const override { return {}; }
    Handler handler;
    StopFlag flag;
  } bus;
  subscriber.subscribe_to(bus);
  const std::vector<Delivery> batch = {{1, event_of(2, "key"), true}, {2, event_of(3, "free")}};
  ASSERT_TRUE(executor_.run(bus.handler(batch)));
  EXPECT_EQ(handled, std::vector<std::string>{"e-3"});
  EXPECT_EQ(list(a_).size(), 2U);
}

}  // namespace
}  // namespace baedal::messaging
