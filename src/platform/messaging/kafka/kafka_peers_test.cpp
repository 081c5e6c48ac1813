// Clients no one here wrote: kcat reads what a bus writes, and writes what it reads. And SASL and
// TLS.
#include <algorithm>
#include <fstream>

#include "platform/config/load.hpp"
#include "platform/messaging/kafka/broker_under_test.hpp"
#include "platform/messaging/kafka/kafka_settings.hpp"

namespace baedal::messaging {
namespace {

class KafkaPeers : public KafkaTest {
 protected:
  BrokerUnderTest& broker_ = BrokerUnderTest::instance();
};

std::string kcat(const KafkaOptions& options, const std::string& arguments) {
  return output_of("kcat -q -b " + options.brokers + " -t " + options.topic + " " + arguments);
}

/// Writes lines as values, with no key and no header: as the seed's services do.
void write_as_others_do(const KafkaOptions& options, const std::string& lines) {
  const TempFolder folder;
  const auto file = folder.path() / "lines";
  std::ofstream{file} << lines;
  kcat(options, "-P -l " + file.string());
}

TEST_F(KafkaPeers, kcat_reads_key_value_and_headers_of_what_is_published) {
  const auto options = broker_.options(1);
  KafkaBus& bus = open(options);
  const std::vector<Envelope> events = {{.id = "u-7",
                                         .type = "Made",
                                         .source = "maker",
                                         .key = "42",
                                         .time = {1'700'000'000'123'456},
                                         .traceparent = "00-a-b-01",
                                         .data = R"({"eventType":"Made","id":42})"}};
  publish(bus, events);
  EXPECT_EQ(
      kcat(options, R"(-C -e -f '%k|%s|%h')"),
      R"(42|{"eventType":"Made","id":42}|type=Made,ce_specversion=1.0,ce_id=u-7,ce_type=Made,)"
      R"(ce_source=maker,ce_time=2023-11-14T22:13:20.123456Z,ce_subject=42,)"
      R"(content-type=application/json,traceparent=00-a-b-01)");
  stop_all();
}

TEST_F(KafkaPeers, an_event_without_key_and_headers_is_understood_from_its_json) {
  const auto options = broker_.options(1);
  KafkaBus& bus = open(options);
  const std::string ordered =
      R"({"eventType":"Ordered","timestamp":"20210223085635","id":4,"qty":1,"deliveryId":null,"me":true})";
  const std::string started =
      R"({"eventType":"DeliveryStarted","timestamp":"20210223085635","id":9,"orderId":4,"me":true})";
  write_as_others_do(options, ordered + "\n" + started + "\nno json\n");
  Received group;
  bus.subscribe("group", group.handler());
  start(bus);
  wait_until([&] { return group.events.size() == 3; });
  EXPECT_EQ(group.events[0].id, options.topic + "-0-0");
  EXPECT_EQ(group.events[0].type, "Ordered");
  EXPECT_EQ(group.events[0].key, "4");
  EXPECT_EQ(group.events[0].data, ordered);
  EXPECT_GT(group.events[0].time.micros, 0);
  EXPECT_EQ(group.events[1].type, "DeliveryStarted");
  EXPECT_EQ(group.events[1].key, "4") << "orderId is looked for before id";
  EXPECT_EQ(group.events[2].type, "");
  EXPECT_EQ(group.events[2].data, "no json");
  stop_all();
}

/// The options that these settings make of a bus at `address`.
KafkaOptions configured(const KafkaOptions& base, const std::string& address,
                        std::vector<std::string> flags) {
  config::Registry registry;
  EXPECT_TRUE(registry.add(kafka_settings()));
  const auto settings = config::load(
      registry, {.environment = {{"BAEDAL_KAFKA_SASL_PASSWORD", BrokerUnderTest::kPassword}},
                 .flags = std::move(flags)});
  EXPECT_TRUE(settings) << settings.error().detail;
  const auto made = kafka_options("kafka://" + address + "/" + base.topic, *settings);
  EXPECT_TRUE(made) << made.error().detail;
  KafkaOptions options = base;
  options.brokers = made->brokers;
  options.properties = made->properties;
  return options;
}

class KafkaSecurity : public KafkaPeers, public ::testing::WithParamInterface<const char*> {
 protected:
  std::vector<std::string> flags() const {
    const std::string mechanism = GetParam();
    if (mechanism == "TLS") {
      return {"--kafka.security-protocol=ssl", "--kafka.ssl-ca-location=" + broker_.authority()};
    }
    return {"--kafka.security-protocol=sasl_plaintext", "--kafka.sasl-mechanism=" + mechanism,
            std::string{"--kafka.sasl-username="} + BrokerUnderTest::kUser};
  }
  const std::string& address() const {
    return std::string_view{GetParam()} == "TLS" ? broker_.tls_address() : broker_.sasl_address();
  }
};

TEST_P(KafkaSecurity, events_make_the_round) {
  KafkaBus& bus = open(configured(broker_.options(1), address(), flags()));
  Received group;
  bus.subscribe("group", group.handler());
  start(bus);
  const auto events = make_events(0, 20);
  publish(bus, events);
  wait_until([&] { return group.events.size() == 20; });
  EXPECT_EQ(group.events, events);
  EXPECT_TRUE(bus.health());
  stop_all();
}

INSTANTIATE_TEST_SUITE_P(Kafka, KafkaSecurity, ::testing::Values("PLAIN", "SCRAM-SHA-256", "TLS"),
                         [](const auto& kind) {
                           std::string name = kind.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

TEST_F(KafkaPeers, a_broker_whose_certificate_nobody_trusted_has_signed_is_refused) {
  auto options =
      configured(broker_.options(1), broker_.tls_address(), {"--kafka.security-protocol=ssl"});
  options.connect_timeout = std::chrono::milliseconds{100};
  options.publish_timeout = std::chrono::milliseconds{300};
  KafkaBus& bus = open(options);
  const auto events = make_events(0, 1);
  EXPECT_FALSE(executor_.run(bus.publish(events)));
  EXPECT_FALSE(bus.health());
  stop_all();
}

TEST_F(KafkaPeers, a_wrong_password_is_a_matter_of_health) {
  auto options = broker_.options(1);
  options.brokers = broker_.sasl_address();
  options.connect_timeout = std::chrono::milliseconds{100};
  options.publish_timeout = std::chrono::milliseconds{300};
  options.properties = {{"security.protocol", "sasl_plaintext"},
                        {"sasl.mechanism", "PLAIN"},
                        {"sasl.username", BrokerUnderTest::kUser},
                        {"sasl.password", "wrong-word"}};
  KafkaBus& bus = open(options);
  const auto events = make_events(0, 1);
  EXPECT_FALSE(executor_.run(bus.publish(events)));
  ASSERT_FALSE(bus.health());
  EXPECT_EQ(bus.health().error().detail.find("wrong-word"), std::string::npos);
  stop_all();
}

TEST_F(KafkaPeers, a_property_that_is_refused_is_named_and_its_value_is_not) {
  auto options = broker_.options(1);
  options.properties = {{"acks", "some-secret"}};
  const auto bus = KafkaBus::open(options);
  ASSERT_FALSE(bus);
  EXPECT_NE(bus.error().detail.find("acks"), std::string::npos);
  EXPECT_EQ(bus.error().detail.find("some-secret"), std::string::npos);
}

}  // namespace
}  // namespace baedal::messaging
