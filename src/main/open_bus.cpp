#include "main/open_bus.hpp"

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "platform/config/masked.hpp"
#include "platform/log/log.hpp"
#include "platform/messaging/embedded/embedded_bus.hpp"
#include "platform/messaging/kafka/kafka_bus.hpp"
#include "platform/messaging/kafka/kafka_settings.hpp"

namespace baedal {
namespace {

constexpr std::string_view kEmbedded = "embedded:";
constexpr std::string_view kKafka = "kafka:";
constexpr std::string_view kAutomatic = "auto";  ///< kafka.instance-id

Result<OpenBus> open_embedded(std::string_view folder, const config::Settings& settings) {
  messaging::EmbeddedBusOptions options;
  options.log.retention_age =
      std::chrono::duration_cast<std::chrono::seconds>(settings.duration("messaging.retention"));
  const auto path = std::filesystem::path{settings.text("data.dir")} / folder;
  auto bus = messaging::EmbeddedBus::open(path, options);
  if (!bus) return pass_on(bus);
  return OpenBus{.bus = std::move(*bus)};
}

/// Makes what librdkafka and the groups tell visible.
class KafkaMeters {
 public:
  KafkaMeters(metrics::Registry& registry, const messaging::KafkaBus& bus)
      : registry_(registry), bus_(bus) {}

  template <class Read>
  KafkaMeters& counter(std::string name, std::string text, Read read) {
    made_.push_back(
        registry_.counter({std::move(name), "", std::move(text)}, reader(std::move(read))));
    return *this;
  }
  template <class Read>
  KafkaMeters& gauge(std::string name, std::string unit, std::string text, Read read) {
    made_.push_back(registry_.gauge({std::move(name), std::move(unit), std::move(text)},
                                    reader(std::move(read))));
    return *this;
  }
  std::vector<metrics::Registration> take() { return std::move(made_); }

 private:
  template <class Read>
  std::function<double()> reader(Read read) {
    return [&bus = bus_, read] { return static_cast<double>(read(bus.stats())); };
  }

  metrics::Registry& registry_;
  const messaging::KafkaBus& bus_;
  std::vector<metrics::Registration> made_;
};

std::vector<metrics::Registration> kafka_meters(metrics::Registry& registry,
                                                const messaging::KafkaBus& bus) {
  using Stats = messaging::KafkaStats;
  return KafkaMeters(registry, bus)
      .counter("baedal.kafka.received", "Records read by this process's groups",
               [](const Stats& s) { return s.received; })
      .counter("baedal.kafka.partitions.assigned", "Partitions that came in rebalances",
               [](const Stats& s) { return s.partitions_came; })
      .counter("baedal.kafka.partitions.revoked", "Partitions that went in rebalances",
               [](const Stats& s) { return s.partitions_went; })
      .counter("baedal.kafka.commit.failures", "Positions that were not kept at once",
               [](const Stats& s) { return s.commit_failures; })
      .counter("baedal.kafka.pauses", "Pauses of partitions whose events wait for their handler",
               [](const Stats& s) { return s.pauses; })
      .counter("baedal.kafka.topics.lost", "How often the topic was gone, and made anew",
               [](const Stats& s) { return s.topics_lost; })
      .counter("baedal.kafka.producer.renewals", "Producers given up, their events refused",
               [](const Stats& s) { return s.producer_renewals; })
      .counter("baedal.kafka.bytes.sent", "Bytes the producer sent",
               [](const Stats& s) { return s.bytes_sent; })
      .gauge("baedal.kafka.producer.waiting", "", "Events published, not yet kept by the brokers",
             [](const Stats& s) { return s.messages_waiting; })
      .gauge("baedal.kafka.brokers.up", "", "Brokers the producer is connected to",
             [](const Stats& s) { return s.brokers_up; })
      .gauge("baedal.kafka.round.trip", "seconds", "Mean round trip to the slowest broker",
             [](const Stats& s) { return static_cast<double>(s.round_trip_micros) / 1e6; })
      .take();
}

/// The member's name that the data folder keeps; nothing when another process has it, or it cannot
/// be kept: then this process is a member without a name.
std::optional<messaging::InstanceId> instance_of(const std::string& folder) {
  auto id = messaging::InstanceId::of_folder(folder);
  if (!id) {
    log::warn("kafka", "no name for this process", {{"reason", id.error().detail}});
    return std::nullopt;
  }
  if (!id->name().empty()) return std::move(*id);
  log::info("kafka", "another process on this data folder has its name", {{"folder", folder}});
  return std::nullopt;
}

Result<OpenBus> open_kafka(const std::string& url, const config::Settings& settings,
                           metrics::Registry& registry) {
  auto options = messaging::kafka_options(url, settings);
  if (!options) {
    options.error().detail = "messaging.bus: " + options.error().detail;
    return pass_on(options);
  }
  // The seed's events name the order they belong to, or are it.
  options->foreign_key_members = {"orderId", "id"};
  options->retention = settings.duration("messaging.retention");
  std::optional<messaging::InstanceId> instance;
  if (options->instance_id == kAutomatic) {
    instance = instance_of(settings.text("data.dir"));
    options->instance_id = instance ? instance->name() : "";
  }
  auto bus = messaging::KafkaBus::open(std::move(*options));
  if (!bus) return pass_on(bus);
  auto meters = kafka_meters(registry, **bus);
  return OpenBus{
      .instance = std::move(instance), .bus = std::move(*bus), .meters = std::move(meters)};
}

}  // namespace

Result<OpenBus> open_bus(const config::Settings& settings, metrics::Registry& registry) {
  const std::string& url = settings.text("messaging.bus");
  if (url.starts_with(kKafka)) return open_kafka(url, settings, registry);
  if (!url.starts_with(kEmbedded) || url.size() == kEmbedded.size()) {
    return fail(ErrorKind::kInvalid, "bad-bus-url",
                "messaging.bus: \"" + config::masked(url) +
                    "\" is neither embedded:FOLDER nor kafka://HOST:PORT,HOST:PORT/TOPIC.");
  }
  return open_embedded(url.substr(kEmbedded.size()), settings);
}

}  // namespace baedal
