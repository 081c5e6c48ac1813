// The settings of a bus and what librdkafka says of itself; records are tested with kcat.
#include "platform/messaging/kafka/kafka_settings.hpp"

#include <gtest/gtest.h>

#include "platform/config/load.hpp"
#include "platform/messaging/kafka/statistics.hpp"

namespace baedal::messaging {
namespace {

config::Settings settings_of(const std::vector<std::string>& flags,
                             const std::string& password = "") {
  config::Registry registry;
  EXPECT_TRUE(registry.add(kafka_settings()));
  auto settings = config::load(
      registry, {.environment = {{"BAEDAL_KAFKA_SASL_PASSWORD", password}}, .flags = flags});
  EXPECT_TRUE(settings) << settings.error().detail;
  return std::move(*settings);
}

TEST(KafkaSettings, a_url_names_the_brokers_and_the_topic) {
  const auto options = kafka_options("kafka://one:9092,two:9092/events.v1", settings_of({}));
  ASSERT_TRUE(options);
  EXPECT_EQ(options->brokers, "one:9092,two:9092");
  EXPECT_EQ(options->topic, "events.v1");
  EXPECT_EQ(options->partitions, 6);
}

TEST(KafkaSettings, groups_are_named_after_the_topic_and_members_by_their_folder) {
  const auto standard = kafka_options("kafka://one:9092/meals", settings_of({}));
  ASSERT_TRUE(standard);
  EXPECT_EQ(standard->group_prefix, "meals-");
  EXPECT_EQ(standard->instance_id, "auto");
  const auto chosen =
      kafka_options("kafka://one:9092/meals",
                    settings_of({"--kafka.group-prefix=west.", "--kafka.instance-id=none"}));
  ASSERT_TRUE(chosen);
  EXPECT_EQ(chosen->group_prefix, "west.");
  EXPECT_EQ(chosen->instance_id, "");
}

TEST(KafkaSettings, a_url_without_brokers_or_with_a_bad_topic_is_refused) {
  const auto settings = settings_of({});
  for (const char* url : {"kafka://", "kafka:///events", "kafka://one:9092", "kafka://one:9092/",
                          "kafka://one:9092/a b", "kafka://one:9092/..", "embedded:events"}) {
    EXPECT_FALSE(kafka_options(url, settings)) << url;
  }
}

TEST(KafkaSettings, security_and_further_properties_reach_the_client) {
  const auto settings =
      settings_of({"--kafka.security-protocol=sasl_ssl", "--kafka.sasl-username=u",
                   "--kafka.ssl-ca-location=/ca.pem", "--kafka.properties=socket.timeout.ms=5000"},
                  "p");
  const auto options = kafka_options("kafka://one:9092/t", settings);
  ASSERT_TRUE(options);
  const std::vector<std::pair<std::string, std::string>> expected = {
      {"security.protocol", "sasl_ssl"},
      {"sasl.mechanism", "SCRAM-SHA-512"},
      {"sasl.username", "u"},
      {"sasl.password", "p"},
      {"ssl.ca.location", "/ca.pem"},
      {"socket.timeout.ms", "5000"}};
  EXPECT_EQ(options->properties, expected);
}

TEST(KafkaStatistics, what_librdkafka_says_is_read_and_nonsense_passed_over) {
  kafka::Statistics statistics;
  statistics.update(R"({"msg_cnt":3,"tx_bytes":70,"brokers":{"a":{"state":"UP","rtt":{"avg":900}},)"
                    R"("b":{"state":"DOWN"}}})");
  statistics.update("no json");
  const auto read = statistics.read();
  EXPECT_EQ(read.messages_waiting, 3);
  EXPECT_EQ(read.bytes_sent, 70);
  EXPECT_EQ(read.brokers_up, 1);
  EXPECT_EQ(read.round_trip_micros, 900);
}

}  // namespace
}  // namespace baedal::messaging
