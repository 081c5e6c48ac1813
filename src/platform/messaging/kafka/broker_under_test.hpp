#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "kernel/async/manual_executor.hpp"

#include "platform/messaging/bus.hpp"
#include "platform/messaging/conformance/test_support.hpp"
#include "platform/messaging/kafka/kafka_bus.hpp"

namespace baedal::messaging {

/// A real broker, started by script/kafka-broker on free ports and a folder of its own. There is
/// one for all tests of the program; it must come up, or they fail.
class BrokerUnderTest {
 public:
  static BrokerUnderTest& instance();
  ~BrokerUnderTest();
  BrokerUnderTest(const BrokerUnderTest&) = delete;
  BrokerUnderTest& operator=(const BrokerUnderTest&) = delete;

  void start();
  void stop();

  /// "127.0.0.1:port"
  [[nodiscard]] const std::string& address() const { return address_; }
  /// Asks for SASL, PLAIN or SCRAM-SHA-256, as kUser with kPassword.
  [[nodiscard]] const std::string& sasl_address() const { return sasl_address_; }
  /// Speaks TLS, with a certificate that the authority in authority() has signed.
  [[nodiscard]] const std::string& tls_address() const { return tls_address_; }
  [[nodiscard]] std::string authority() const { return folder_.path() / "tls" / "ca.pem"; }
  static constexpr const char* kUser = "baedal";
  static constexpr const char* kPassword = "gimbap";

  /// Names a topic, and groups, that no other test has.
  [[nodiscard]] KafkaOptions options(int partitions);

 private:
  BrokerUnderTest();

  TempFolder folder_;
  std::string address_;
  std::string sasl_address_;
  std::string tls_address_;
  int topics_ = 0;
};

/// Tests that open buses of their own. What a test hands to a bus must outlive it: each test ends
/// with stop_all().
class KafkaTest : public ::testing::Test {
 protected:
  KafkaBus& open(const KafkaOptions& options);
  void start(KafkaBus& bus);
  void stop(KafkaBus& bus) { executor_.run(bus.stop()); }
  void publish(KafkaBus& bus, std::span<const Envelope> events);
  void wait_until(const std::function<bool()>& condition) { executor_.run(until(condition)); }
  void stop_all();
  void TearDown() override { stop_all(); }

  ManualExecutor executor_;
  std::vector<std::unique_ptr<KafkaBus>> buses_;
};

/// What a command printed; the test fails when it does not end with 0.
std::string output_of(const std::string& command);

}  // namespace baedal::messaging
