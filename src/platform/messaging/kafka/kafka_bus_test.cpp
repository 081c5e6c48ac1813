// KafkaBus against the conformance suite, on a real broker.
#include "platform/messaging/kafka/kafka_bus.hpp"

#include "platform/messaging/conformance/bus_conformance.hpp"
#include "platform/messaging/kafka/broker_under_test.hpp"

namespace baedal::messaging {
namespace {

class KafkaHarness final : public BusHarness {
 public:
  explicit KafkaHarness(int partitions)
      : options_(BrokerUnderTest::instance().options(partitions)) {}
  std::unique_ptr<Bus> open() override {
    auto bus = KafkaBus::open(options_);
    EXPECT_TRUE(bus) << bus.error().detail;
    return std::move(*bus);
  }

 private:
  const KafkaOptions options_;
};

BusCase kafka_case(std::string name, int partitions) {
  return {std::move(name), [partitions] { return std::make_unique<KafkaHarness>(partitions); }};
}

INSTANTIATE_TEST_SUITE_P(Kafka, BusConformance,
                         ::testing::Values(kafka_case("one_partition", 1),
                                           kafka_case("several_partitions", 3)),
                         case_name);

}  // namespace
}  // namespace baedal::messaging
