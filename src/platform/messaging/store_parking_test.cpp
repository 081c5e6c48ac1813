// Parking in a store: kept, once, in order, and the parked keys known after a reopen.
#include "platform/messaging/store_parking.hpp"

#include "platform/messaging/conformance/test_support.hpp"
#include "platform/store/memory/memory_store.hpp"

namespace baedal::messaging {
namespace {

ParkedEvent parked(int number, const std::string& key, const std::string& group = "group") {
  return {.id = 0,
          .group = group,
          .envelope = make_event(number, key),
          .reason = "reason " + std::to_string(number),
          .attempts = number,
          .parked_at = {number * 1000}};
}

class StoreParkingTest : public ::testing::Test {
 protected:
  std::unique_ptr<StoreParking> open() {
    auto parking = executor_.run(StoreParking::open(store_));
    EXPECT_TRUE(parking);
    return std::move(*parking);
  }
  void park(Parking& parking, ParkedEvent event) {
    EXPECT_TRUE(executor_.run(parking.park(std::move(event))));
  }
  std::vector<ParkedEvent> list(Parking& parking, std::size_t limit = 100, std::int64_t after = 0) {
    auto events = executor_.run(parking.list(limit, after));
    EXPECT_TRUE(events);
    return std::move(*events);
  }

  ManualExecutor executor_;
  FixedClock clock_;
  store::MemoryDisk disk_;
  store::MemoryStore store_{disk_, clock_};
};

TEST_F(StoreParkingTest, keeps_every_field_and_lists_the_oldest_first) {
  const auto parking = open();
  park(*parking, parked(2, "b"));
  park(*parking, parked(1, "a"));
  const auto events = list(*parking);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_LT(events[0].id, events[1].id);
  EXPECT_EQ(events[0].group, "group");
  EXPECT_EQ(events[0].envelope, make_event(2, "b"));
  EXPECT_EQ(events[0].reason, "reason 2");
  EXPECT_EQ(events[0].attempts, 2);
  EXPECT_EQ(events[0].parked_at, Timestamp{2000});
  EXPECT_EQ(events[1].envelope, make_event(1, "a"));
}

TEST_F(StoreParkingTest, lists_by_limit_and_from_behind_an_id) {
  const auto parking = open();
  for (int i = 0; i < 5; ++i) park(*parking, parked(i, "key"));
  const auto first = list(*parking, 2);
  ASSERT_EQ(first.size(), 2U);
  const auto rest = list(*parking, 100, first[1].id);
  ASSERT_EQ(rest.size(), 3U);
  EXPECT_EQ(rest[0].envelope.id, "id-2");
}

TEST_F(StoreParkingTest, an_event_is_kept_once_per_group_as_first_parked) {
  const auto parking = open();
  park(*parking, parked(1, "key"));
  auto again = parked(1, "key");
  again.reason = "another";
  park(*parking, again);
  park(*parking, parked(1, "key", "other-group"));
  const auto events = list(*parking);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].reason, "reason 1");
  EXPECT_EQ(events[1].group, "other-group");
}

TEST_F(StoreParkingTest, holds_a_key_until_its_last_event_is_removed) {
  const auto parking = open();
  EXPECT_FALSE(parking->holds_key("key"));
  park(*parking, parked(1, "key"));
  park(*parking, parked(1, "key"));
  park(*parking, parked(2, "key"));
  EXPECT_TRUE(parking->holds_key("key"));
  EXPECT_FALSE(parking->holds_key("other"));
  for (const ParkedEvent& event : list(*parking)) {
    EXPECT_TRUE(parking->holds_key("key"));
    EXPECT_TRUE(executor_.run(parking->remove(event.id)).value());
  }
  EXPECT_FALSE(parking->holds_key("key"));
  EXPECT_FALSE(executor_.run(parking->remove(1)).value());
}

TEST_F(StoreParkingTest, knows_the_parked_keys_after_a_reopen_however_many) {
  {
    const auto parking = open();
    for (int i = 0; i < 2500; ++i) park(*parking, parked(i, "key-" + std::to_string(i)));
  }
  const auto parking = open();
  for (int i = 0; i < 2500; ++i) EXPECT_TRUE(parking->holds_key("key-" + std::to_string(i)));
  EXPECT_EQ(list(*parking, 5000).size(), 2500U);
}

}  // namespace
}  // namespace baedal::messaging
