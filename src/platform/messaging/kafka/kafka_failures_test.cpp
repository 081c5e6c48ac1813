// What a bus does when the brokers are away, slow or changed behind its back.
#include <librdkafka/rdkafka.h>

#include "kernel/async/sync.hpp"
#include "platform/messaging/kafka/broker_under_test.hpp"
#include "platform/messaging/kafka/client.hpp"

namespace baedal::messaging {
namespace {

using namespace std::chrono_literals;

class KafkaFailures : public KafkaTest {
 protected:
  /// As the relay does: in order, again and again from the first that was not kept.
  Task<void> publish_all(Bus& bus, std::span<const Envelope> events, std::size_t& published) {
    while (published < events.size()) {
      const auto batch =
          events.subspan(published, std::min<std::size_t>(20, events.size() - published));
      const auto kept = co_await bus.publish(batch);
      if (kept) published += batch.size();
      co_await sleep_for(1ms);
    }
  }

  BrokerUnderTest& broker_ = BrokerUnderTest::instance();
};

TEST_F(KafkaFailures, nothing_is_lost_and_order_is_kept_when_the_broker_goes_and_comes_back) {
  auto options = broker_.options(3);
  options.publish_timeout = 1s;
  KafkaBus& bus = open(options);
  Received group;
  bus.subscribe("group", group.handler());
  start(bus);
  const auto events = make_events(0, 2'000, 20);
  std::size_t published = 0;
  auto story = [&]() -> Task<void> {
    TaskGroup tasks;
    tasks.spawn(publish_all(bus, events, published));
    co_await until([&] { return published >= 400; });
    broker_.stop();
    co_await until([&] { return bus.stats().producer_renewals > 0 && !bus.health(); });
    broker_.start();
    co_await tasks.join();
    co_await until([&] { return group.distinct().size() == events.size(); });
    co_await until([&] { return bus.health().has_value(); });
  };
  executor_.run(story());
  EXPECT_EQ(group.ids_by_key(), Received::ids_by_key(events));
  stop_all();
}

TEST_F(KafkaFailures, without_brokers_a_bus_opens_refuses_in_time_and_stops) {
  auto options = broker_.options(1);
  options.brokers = "127.0.0.1:1";
  options.connect_timeout = 50ms;
  options.publish_timeout = 100ms;
  KafkaBus& bus = open(options);
  Received group;
  bus.subscribe("group", group.handler());
  start(bus);
  const auto events = make_events(0, 3);
  const auto kept = executor_.run(bus.publish(events));
  ASSERT_FALSE(kept);
  EXPECT_EQ(kept.error().kind, ErrorKind::kUnavailable);
  ASSERT_FALSE(bus.health());
  EXPECT_EQ(bus.health().error().detail.find("127.0.0.1"), std::string::npos);
  stop_all();
}

TEST_F(KafkaFailures, a_slow_handler_pauses_the_partition_and_misses_nothing) {
  auto options = broker_.options(1);
  options.batch_max = 8;
  options.waiting_max = 64;
  KafkaBus& bus = open(options);
  Received group;
  auto slow = [&](std::span<const Delivery> batch) -> Task<Result<void>> {
    co_await sleep_for(1ms);
    co_return co_await group.take(batch);
  };
  bus.subscribe("group", slow);
  const auto events = make_events(0, 1'000, 1);
  publish(bus, events);
  start(bus);
  wait_until([&] { return group.events.size() >= events.size(); });
  EXPECT_EQ(group.events, events);
  EXPECT_GT(bus.stats().pauses, 0U);
  stop_all();
}

/// Asks the broker for something, as an operator would with Kafka's own tools.
void administrate(
    const KafkaOptions& options, const std::function<void(rd_kafka_t*, rd_kafka_queue_t*)>& ask,
    const std::function<void(rd_kafka_event_t&)>& look = [](rd_kafka_event_t&) {}) {
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  char why[256];
  rd_kafka_conf_set(conf, "bootstrap.servers", options.brokers.c_str(), why, sizeof why);
  const kafka::Client client{rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof why)};
  const kafka::Queue queue{rd_kafka_queue_new(client.get())};
  ask(client.get(), queue.get());
  rd_kafka_event_t* answer = rd_kafka_queue_poll(queue.get(), 10'000);
  ASSERT_NE(answer, nullptr);
  EXPECT_EQ(rd_kafka_event_error(answer), RD_KAFKA_RESP_ERR_NO_ERROR);
  look(*answer);
  rd_kafka_event_destroy(answer);
}

/// A setting of the topic, as the broker has it.
std::string topic_setting(const KafkaOptions& options, const std::string& name) {
  std::string value;
  const auto ask = [&](rd_kafka_t* client, rd_kafka_queue_t* queue) {
    auto* topic = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, options.topic.c_str());
    rd_kafka_DescribeConfigs(client, &topic, 1, nullptr, queue);
    rd_kafka_ConfigResource_destroy(topic);
  };
  const auto look = [&](rd_kafka_event_t& answer) {
    std::size_t count = 0;
    const auto** topics = rd_kafka_DescribeConfigs_result_resources(
        rd_kafka_event_DescribeConfigs_result(&answer), &count);
    ASSERT_EQ(count, 1U);
    const auto** settings = rd_kafka_ConfigResource_configs(topics[0], &count);
    for (std::size_t n = 0; n < count; ++n) {
      if (rd_kafka_ConfigEntry_name(settings[n]) == name) {
        value = rd_kafka_ConfigEntry_value(settings[n]);
      }
    }
  };
  administrate(options, ask, look);
  return value;
}

TEST_F(KafkaFailures, a_topic_that_is_made_here_keeps_its_events_as_long_as_it_is_told) {
  auto options = broker_.options(1);
  open(options);
  EXPECT_EQ(topic_setting(options, "retention.ms"), "-1") << "for ever, not a broker's week";
  options = broker_.options(1);
  options.retention = std::chrono::hours{1};
  open(options);
  EXPECT_EQ(topic_setting(options, "retention.ms"), "3600000");
  stop_all();
}

TEST_F(KafkaFailures, a_deleted_topic_is_made_anew_and_events_flow_again) {
  const auto options = broker_.options(2);
  KafkaBus& bus = open(options);
  Received group;
  bus.subscribe("group", group.handler());
  start(bus);
  const auto events = make_events(0, 40);
  publish(bus, std::span(events).first(20));
  wait_until([&] { return group.distinct().size() == 20; });
  administrate(options, [&](rd_kafka_t* client, rd_kafka_queue_t* queue) {
    rd_kafka_DeleteTopic_t* topic = rd_kafka_DeleteTopic_new(options.topic.c_str());
    rd_kafka_DeleteTopics(client, &topic, 1, nullptr, queue);
    rd_kafka_DeleteTopic_destroy(topic);
  });
  wait_until([&] { return bus.stats().topics_lost == 1 && bus.health(); });
  std::size_t published = 20;
  executor_.run(publish_all(bus, events, published));
  wait_until([&] { return group.distinct().size() == 40; });
  stop_all();
}

TEST_F(KafkaFailures, a_group_does_not_wait_for_events_that_are_kept_no_more) {
  const auto options = broker_.options(1);
  KafkaBus& bus = open(options);
  publish(bus, make_events(0, 20));
  KafkaBus& other = open(options);  // knows of them all
  bool taken = false;
  auto none_comes = [&](std::span<const Delivery>) -> Task<Result<void>> {
    taken = true;
    co_return Result<void>{};
  };
  other.subscribe("group", none_comes);
  administrate(options, [&](rd_kafka_t* client, rd_kafka_queue_t* queue) {
    rd_kafka_topic_partition_list_t* before = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(before, options.topic.c_str(), 0)->offset =
        RD_KAFKA_OFFSET_END;
    rd_kafka_DeleteRecords_t* all = rd_kafka_DeleteRecords_new(before);
    rd_kafka_DeleteRecords(client, &all, 1, nullptr, queue);
    rd_kafka_DeleteRecords_destroy(all);
    rd_kafka_topic_partition_list_destroy(before);
  });
  start(other);
  wait_until([&] { return other.groups().at(0).caught_up; });
  EXPECT_FALSE(taken);
  stop_all();
}

TEST_F(KafkaFailures, partitions_that_are_added_are_written_and_read) {
  auto options = broker_.options(1);
  options.properties = {{"topic.metadata.refresh.interval.ms", "200"}};
  KafkaBus& bus = open(options);
  Received group;
  bus.subscribe("group", group.handler());
  start(bus);
  publish(bus, make_events(0, 20));
  wait_until([&] { return group.distinct().size() == 20; });
  administrate(options, [&](rd_kafka_t* client, rd_kafka_queue_t* queue) {
    char why[256];
    rd_kafka_NewPartitions_t* more =
        rd_kafka_NewPartitions_new(options.topic.c_str(), 4, why, sizeof why);
    rd_kafka_CreatePartitions(client, &more, 1, nullptr, queue);
    rd_kafka_NewPartitions_destroy(more);
  });
  wait_until([&] { return bus.stats().partitions_came >= 4; });
  publish(bus, make_events(20, 80, 40));
  wait_until([&] { return group.distinct().size() == 100; });
  stop_all();
}

}  // namespace
}  // namespace baedal::messaging
