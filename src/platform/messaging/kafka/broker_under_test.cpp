#include "platform/messaging/kafka/broker_under_test.hpp"

#include <unistd.h>

#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>

namespace baedal::messaging {
namespace {

std::string text_of(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string text;
  std::getline(in, text);
  return text;
}

/// Output and exit status of a command.
std::pair<std::string, int> run(const std::string& command) {
  std::FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return {"", -1};
  std::string output;
  std::array<char, 4096> buffer{};
  while (const auto count = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
    output.append(buffer.data(), count);
  }
  const int status = ::pclose(pipe);
  return {output, WIFEXITED(status) ? WEXITSTATUS(status) : -1};
}

}  // namespace

std::string output_of(const std::string& command) {
  auto [output, status] = run(command);
  EXPECT_EQ(status, 0) << command;
  return output;
}

BrokerUnderTest& BrokerUnderTest::instance() {
  static BrokerUnderTest broker;
  return broker;
}

BrokerUnderTest::BrokerUnderTest() {
  start();
  address_ = "127.0.0.1:" + text_of(folder_.path() / "port");
  sasl_address_ = "127.0.0.1:" + text_of(folder_.path() / "sasl-port");
  tls_address_ = "127.0.0.1:" + text_of(folder_.path() / "tls-port");
}

BrokerUnderTest::~BrokerUnderTest() { stop(); }

void BrokerUnderTest::start() {
  const auto [output, status] =
      run(std::string{BAEDAL_KAFKA_BROKER} + " start --with " + std::to_string(::getpid()) +
          " --data " + folder_.path().string() + " --tls-port 0 --sasl-port 0 --sasl-user " +
          kUser + " --sasl-password " + kPassword);
  if (status == 0) return;
  std::fprintf(stderr, "THE KAFKA BROKER DID NOT COME UP: nothing is tested against it.\n");
  std::exit(EXIT_FAILURE);
}

void BrokerUnderTest::stop() {
  run(std::string{BAEDAL_KAFKA_BROKER} + " stop --data " + folder_.path().string());
}

KafkaOptions BrokerUnderTest::options(int partitions) {
  const std::string name = "topic-" + std::to_string(++topics_);
  KafkaOptions options;
  options.brokers = address_;
  options.topic = name;
  options.partitions = partitions;
  options.group_prefix = name + "-";
  options.session_timeout = std::chrono::seconds{2};
  options.watch_interval = std::chrono::milliseconds{100};
  options.commit_interval = std::chrono::milliseconds{20};
  options.pause_first = std::chrono::milliseconds{1};
  options.pause_max = std::chrono::milliseconds{20};
  options.foreign_key_members = {"orderId", "id"};
  return options;
}

KafkaBus& KafkaTest::open(const KafkaOptions& options) {
  auto bus = KafkaBus::open(options);
  EXPECT_TRUE(bus) << bus.error().detail;
  buses_.push_back(std::move(*bus));
  return *buses_.back();
}

void KafkaTest::start(KafkaBus& bus) {
  auto starting = [](Bus& it) -> Task<Result<void>> { co_return it.start(); };
  const auto started = executor_.run(starting(bus));
  ASSERT_TRUE(started) << started.error().detail;
}

void KafkaTest::publish(KafkaBus& bus, std::span<const Envelope> events) {
  const auto kept = executor_.run(bus.publish(events));
  ASSERT_TRUE(kept) << kept.error().detail;
}

void KafkaTest::stop_all() {
  for (const auto& bus : buses_) stop(*bus);
  buses_.clear();
}

}  // namespace baedal::messaging
