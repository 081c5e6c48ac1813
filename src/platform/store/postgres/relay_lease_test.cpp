// Two relays on one database: one publishes, the other waits for its turn. Method: each has an
// executor of its own, which the test drives or, for a process that is halted, does not.

#include <algorithm>

#include "platform/clock/system_clock.hpp"
#include "platform/messaging/memory/memory_bus.hpp"
#include "platform/messaging/relay.hpp"
#include "platform/store/postgres/testing/postgres_under_test.hpp"

namespace baedal::messaging {
namespace {

using namespace std::chrono_literals;
using store::conformance::TestClock;

constexpr RelayOptions kQuick{.lease = 400ms, .table_poll = 10ms};
/// For tests in which the lease is not to change hands.
constexpr RelayOptions kPatient{.lease = 60s, .table_poll = 10ms};

/// One process: its store, its bus client and its relay.
struct Process {
  Process(const std::string& url, const Clock& store_clock, const Clock& clock,
          const std::shared_ptr<MemoryTopic>& topic, const RelayOptions& options = kQuick)
      : store(store::open_things(url, store_clock)),
        bus({}, topic),
        relay("service", *store, bus, clock, options) {
    executor.post([this] { relay.start(); });
  }
  ~Process() { executor.run(relay.stop()); }

  /// Commits events `first` to `first + count - 1`, each for itself.
  void commit(int first, int count) {
    for (int n = first; n < first + count; ++n) {
      auto body = [&](store::Tx& tx) -> Result<std::string> {
        auto added =
            tx.append({.type = "Made", .key = "key", .time = {1}, .data = std::to_string(n)});
        if (!added) return pass_on(added);
        return std::string{};
      };
      const OnceKey key;
      EXPECT_TRUE(executor.run(store->commit_once(key, body)));
    }
  }

  ManualExecutor executor;
  std::unique_ptr<store::PostgresStore> store;
  MemoryBus bus;
  Relay relay;
};

class RelayLeaseTest : public testing::Test {
 protected:
  /// Drives the processes until it is so.
  template <class Condition>
  static void drive_until(std::initializer_list<Process*> processes, Condition condition) {
    while (!condition()) {
      for (Process* process : processes) process->executor.advance(1ms);
    }
  }
  std::vector<int> published() {
    const std::lock_guard lock(topic_->mutex);
    std::vector<int> numbers;
    for (const Delivery& delivery : topic_->events)
      numbers.push_back(std::stoi(delivery.envelope.data));
    return numbers;
  }
  static std::vector<int> counted(int count) {
    std::vector<int> numbers;
    for (int n = 0; n < count; ++n) numbers.push_back(n);
    return numbers;
  }

  const TestClock store_clock_;
  const SystemClock clock_;
  const std::string url_ = store::postgres::PostgresServer::shared().make_database();
  const std::shared_ptr<MemoryTopic> topic_ = std::make_shared<MemoryTopic>();
};

TEST_F(RelayLeaseTest, one_relay_carries_the_events_of_both_in_commit_order) {
  Process a(url_, store_clock_, clock_, topic_);
  drive_until({&a}, [&] { return a.relay.stats().has_lease; });
  Process b(url_, store_clock_, clock_, topic_);
  for (int round = 0; round < 5; ++round) {
    a.commit(round * 20, 10);
    b.commit(round * 20 + 10, 10);
  }
  drive_until({&a, &b}, [&] { return published().size() >= 100; });
  EXPECT_EQ(published(), counted(100));
  EXPECT_TRUE(a.relay.stats().has_lease);
  EXPECT_FALSE(b.relay.stats().has_lease);
}

TEST_F(RelayLeaseTest, a_halted_holder_is_replaced_and_then_publishes_no_more) {
  Process a(url_, store_clock_, clock_, topic_);
  drive_until({&a}, [&] { return a.relay.stats().has_lease; });
  Process b(url_, store_clock_, clock_, topic_);
  a.commit(0, 10);
  drive_until({&a, &b}, [&] { return published().size() >= 10; });
  // From here a is halted.
  b.commit(10, 10);
  drive_until({&b}, [&] { return b.relay.stats().has_lease && published().size() >= 20; });
  // a goes on as if nothing had happened.
  a.commit(20, 10);
  drive_until({&a, &b}, [&] { return !a.relay.stats().has_lease && published().size() >= 30; });
  EXPECT_TRUE(b.relay.stats().has_lease);
  auto numbers = published();
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  EXPECT_EQ(numbers, counted(30));
}

TEST_F(RelayLeaseTest, who_does_not_hold_it_tells_what_waits_in_the_table_and_no_more) {
  Process a(url_, store_clock_, clock_, topic_, kPatient);
  drive_until({&a}, [&] { return a.relay.stats().has_lease; });
  Process b(url_, store_clock_, clock_, topic_, kPatient);
  drive_until({&b}, [&] { return b.store->stats().outbox_rows == 0; });
  // While a is halted, nothing goes out.
  b.commit(0, 1);
  drive_until({&b}, [&] { return b.relay.stats().oldest_unsent_age.count() > 0; });
  drive_until({&a, &b}, [&] { return published().size() >= 1; });
  b.commit(1, 5);
  drive_until({&a, &b}, [&] { return published().size() >= 6; });
  drive_until({&a, &b}, [&] {
    return b.relay.stats().oldest_unsent_age.count() == 0 && b.store->stats().outbox_rows == 0;
  });
}

TEST_F(RelayLeaseTest, who_ends_leaves_its_place_to_the_other_at_once) {
  auto a = std::make_unique<Process>(url_, store_clock_, clock_, topic_);
  drive_until({a.get()}, [&] { return a->relay.stats().has_lease; });
  Process b(url_, store_clock_, clock_, topic_);
  a->commit(0, 5);
  a.reset();
  b.commit(5, 5);
  drive_until({&b}, [&] { return published().size() >= 10; });
  EXPECT_EQ(published(), counted(10));
}

TEST_F(RelayLeaseTest, the_token_grows_with_each_change_of_hands) {
  const auto a = store::open_things(url_, store_clock_);
  const auto b = store::open_things(url_, store_clock_);
  ManualExecutor executor;
  const auto token_of = [&](store::Store& store) {
    const auto lease = executor.run(store.take_relay_lease(1h));
    EXPECT_TRUE(lease);
    return lease && *lease ? (*lease)->token : 0;
  };
  const std::int64_t first = token_of(*a);
  EXPECT_GT(first, 0);
  EXPECT_EQ(token_of(*a), first);
  EXPECT_EQ(token_of(*b), 0);
  executor.run(a->give_back_relay_lease());
  EXPECT_GT(token_of(*b), first);
  EXPECT_EQ(token_of(*a), 0);
}

}  // namespace
}  // namespace baedal::messaging
