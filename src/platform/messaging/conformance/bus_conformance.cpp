// What every bus promises. Buses deliver at least once, so received events are compared without
// repeats, and in order only per key.
#include "platform/messaging/conformance/bus_conformance.hpp"

#include "kernel/async/sync.hpp"
#include "platform/messaging/conformance/test_support.hpp"

namespace baedal::messaging {

void BusConformance::wait_until(const std::function<bool()>& condition) {
  executor_.run(until(condition));
}

namespace {

using namespace std::chrono_literals;

TEST_P(BusConformance, every_event_reaches_every_group_whole_and_in_order_per_key) {
  Received one;
  Received two;
  bus_->subscribe("one", one.handler());
  bus_->subscribe("two", two.handler());
  start();
  const auto events = make_events(0, 1000, 7);
  for (std::size_t i = 0; i < events.size(); i += 50) publish(std::span(events).subspan(i, 50));
  wait_until([&] { return one.distinct().size() == 1000 && two.distinct().size() == 1000; });
  stop();
  const auto expected = Received::ids_by_key(events);
  EXPECT_EQ(one.ids_by_key(), expected);
  EXPECT_EQ(two.ids_by_key(), expected);
}

TEST_P(BusConformance, an_envelope_arrives_as_it_was_sent) {
  Received group;
  bus_->subscribe("group", group.handler());
  start();
  const std::vector<Envelope> events = {{.id = "a-1",
                                         .type = "\xED\x95\x9C",
                                         .source = "test",
                                         .key = "",
                                         .time = {1'234'567'890'123'456},
                                         .traceparent = "00-11-22-01",
                                         .data = std::string(100'000, 'x')}};
  publish(events);
  wait_until([&] { return !group.events.empty(); });
  stop();
  EXPECT_EQ(group.events.front(), events.front());
}

TEST_P(BusConformance, pipelined_publishes_keep_the_order_in_which_they_were_started) {
  const auto events = make_events(0, 400, 1);
  auto pipelined = [&]() -> Task<void> {
    TaskGroup group;
    auto one = [&](std::span<const Envelope> batch) -> Task<void> {
      const auto kept = co_await bus_->publish(batch);
      EXPECT_TRUE(kept);
    };
    for (std::size_t i = 0; i < events.size(); i += 4) {
      group.spawn(one(std::span(events).subspan(i, 4)));
    }
    co_await group.join();
  };
  executor_.run(pipelined());
  Received all;
  ASSERT_TRUE(executor_.run(bus_->replay(all.handler())));
  EXPECT_EQ(all.events, events);
}

TEST_P(BusConformance, a_group_goes_on_where_it_was_after_a_reopen) {
  Received before;
  bus_->subscribe("group", before.handler());
  start();
  const auto events = make_events(0, 300);
  publish(std::span(events).first(200));
  wait_until([&] { return before.distinct().size() == 200; });
  stop();

  reopen();
  publish(std::span(events).subspan(200));
  Received after;
  bus_->subscribe("group", after.handler());
  start();
  wait_until([&] { return after.distinct().size() == 100; });
  stop();
  EXPECT_EQ(after.ids_by_key(), Received::ids_by_key(std::span(events).subspan(200)));
}

TEST_P(BusConformance, a_new_group_begins_at_the_earliest_event) {
  const auto events = make_events(0, 300);
  publish(events);
  reopen();
  Received late;
  bus_->subscribe("late", late.handler());
  start();
  wait_until([&] { return late.distinct().size() == 300; });
  stop();
  EXPECT_EQ(late.ids_by_key(), Received::ids_by_key(events));
}

TEST_P(BusConformance, events_published_while_the_groups_are_stopped_arrive_after_the_start) {
  Received group;
  bus_->subscribe("group", group.handler());
  start();
  stop();
  const auto events = make_events(0, 20);
  publish(events);
  EXPECT_TRUE(group.events.empty());
  start();
  wait_until([&] { return group.distinct().size() == 20; });
  stop();
}

TEST_P(BusConformance, replay_gives_everything_once_in_order_per_key_also_while_groups_run) {
  Received group;
  bus_->subscribe("group", group.handler());
  start();
  const auto events = make_events(0, 700);
  publish(events);
  Received all;
  ASSERT_TRUE(executor_.run(bus_->replay(all.handler())));
  stop();
  EXPECT_EQ(Received::ids_by_key(all.events), Received::ids_by_key(events));
}

TEST_P(BusConformance, an_error_of_the_handler_ends_a_replay) {
  publish(make_events(0, 700));
  int batches = 0;
  auto refuse = [&](std::span<const Delivery>) -> Task<Result<void>> {
    ++batches;
    co_return unavailable("test", "no room");
  };
  const auto replayed = executor_.run(bus_->replay(refuse));
  ASSERT_FALSE(replayed);
  EXPECT_EQ(replayed.error().detail, "no room");
  EXPECT_EQ(batches, 1);
}

TEST_P(BusConformance, a_slow_group_does_not_hold_up_another) {
  Event gate;
  auto blocked = [&](std::span<const Delivery>) -> Task<Result<void>> {
    co_await gate.wait();
    co_return Result<void>{};
  };
  Received quick;
  bus_->subscribe("slow", blocked);
  bus_->subscribe("quick", quick.handler());
  start();
  const auto events = make_events(0, 2000);
  for (std::size_t i = 0; i < events.size(); i += 100) publish(std::span(events).subspan(i, 100));
  wait_until([&] { return quick.distinct().size() == 2000; });
  gate.set();
  stop();
}

TEST_P(BusConformance, stop_waits_for_the_batch_in_hand) {
  Event gate;
  bool in_hand = false;
  bool finished = false;
  auto handler = [&](std::span<const Delivery>) -> Task<Result<void>> {
    in_hand = true;
    co_await gate.wait();
    finished = true;
    co_return Result<void>{};
  };
  bus_->subscribe("group", handler);
  start();
  publish(make_events(0, 1));
  wait_until([&] { return in_hand; });
  auto stop_while_in_hand = [&]() -> Task<void> {
    bool stopped = false;
    auto stopping = [&]() -> Task<void> {
      co_await bus_->stop();
      stopped = true;
    };
    TaskGroup group;
    group.spawn(stopping());
    co_await sleep_for(10ms);
    EXPECT_FALSE(stopped);
    gate.set();
    co_await group.join();
  };
  executor_.run(stop_while_in_hand());
  EXPECT_TRUE(finished);
}

TEST_P(BusConformance, a_batch_not_taken_comes_again_and_counts_as_lag_until_then) {
  int refusals = 3;
  Received group;
  auto handler = [&](std::span<const Delivery> batch) -> Task<Result<void>> {
    if (refusals-- > 0) co_return unavailable("test", "not now");
    co_return co_await group.take(batch);
  };
  bus_->subscribe("group", handler);
  publish(make_events(0, 5));
  start();
  EXPECT_GT(bus_->groups().at(0).lag, 0);
  wait_until([&] { return group.distinct().size() == 5 && bus_->groups().at(0).lag == 0; });
  stop();
}

TEST_P(BusConformance, a_group_has_caught_up_when_it_has_handled_what_was_there_at_the_start) {
  Event gate;
  Received group;
  auto handler = [&](std::span<const Delivery> batch) -> Task<Result<void>> {
    co_await gate.wait();
    co_return co_await group.take(batch);
  };
  bus_->subscribe("group", handler);
  publish(make_events(0, 5));
  start();
  EXPECT_FALSE(bus_->groups().at(0).caught_up);
  gate.set();
  wait_until([&] { return bus_->groups().at(0).caught_up; });
  EXPECT_EQ(group.distinct().size(), 5U);
  gate.reset();
  publish(make_events(5, 5));
  EXPECT_TRUE(bus_->groups().at(0).caught_up) << "what came later does not count";
  gate.set();
  stop();
}

TEST_P(BusConformance, stop_ends_a_group_whose_handler_refuses_and_the_batch_comes_after_it) {
  auto refuse = [](std::span<const Delivery>) -> Task<Result<void>> {
    co_return unavailable("test", "never");
  };
  bus_->subscribe("group", refuse);
  start();
  publish(make_events(0, 5));
  stop();
  EXPECT_TRUE(bus_->stop_flag().requested());

  reopen();
  Received group;
  bus_->subscribe("group", group.handler());
  start();
  wait_until([&] { return group.distinct().size() == 5; });
  stop();
}

}  // namespace
}  // namespace baedal::messaging
