#include "platform/messaging/kafka/kafka_settings.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "platform/config/masked.hpp"

namespace baedal::messaging {
namespace {

using config::Setting;
using config::Type;

constexpr std::string_view kScheme = "kafka://";
constexpr std::string_view kNoInstanceId = "none";

std::optional<std::string> check_property(std::string_view item) {
  const auto equals = item.find('=');
  if (equals != std::string_view::npos && equals > 0) return std::nullopt;
  return "is not of the form name=value";
}

constexpr std::array kSettings{
    Setting{.name = "kafka.partitions",
            .type = Type::kInteger,
            .default_value = "6",
            .min = "1",
            .max = "10000",
            .description = "Partitions of the topic, when it is made here: as many instances of a "
                           "service can share its events. An existing topic keeps its own."},
    Setting{.name = "kafka.replication-factor",
            .type = Type::kInteger,
            .default_value = "0",
            .min = "0",
            .max = "100",
            .description = "Replicas of the topic, when it is made here; 0 leaves it to the "
                           "brokers."},
    Setting{.name = "kafka.min-insync-replicas",
            .type = Type::kInteger,
            .default_value = "0",
            .min = "0",
            .max = "100",
            .description = "Replicas that must have an event before it counts as kept, when the "
                           "topic is made here; 0 leaves it to the brokers."},
    Setting{.name = "kafka.group-prefix",
            .max = "100",
            .description = "Before the name of each consumer group; empty for the topic's name and "
                           "`-`, so that two systems on one cluster never share a group."},
    Setting{.name = "kafka.instance-id",
            .default_value = "auto",
            .min = "1",
            .max = "200",
            .description = "The name of this process among the members of its groups: a restart "
                           "within `kafka.session-timeout` moves no partitions. `auto` keeps one "
                           "in the data folder; another text must be unique among the processes "
                           "of a service; `none` suits processes that come and go with new data "
                           "folders, whose partitions then need not wait for that timeout."},
    Setting{.name = "kafka.session-timeout",
            .type = Type::kDuration,
            .default_value = "10s",
            .min = "6s",
            .max = "30m",
            .description = "A process that the brokers have not heard of for so long loses its "
                           "partitions to others."},
    Setting{.name = "kafka.connect-timeout",
            .type = Type::kDuration,
            .default_value = "10s",
            .min = "1ms",
            .max = "10m",
            .description = "How long the start waits for the brokers; then it goes on without."},
    Setting{.name = "kafka.publish-timeout",
            .type = Type::kDuration,
            .default_value = "10s",
            .min = "1s",
            .max = "10m",
            .description = "Events the brokers have not kept after that time are published anew. "
                           "Longer than a change of leaders takes; a stop waits as long at most."},
    Setting{.name = "kafka.revoke-timeout",
            .type = Type::kDuration,
            .default_value = "10s",
            .min = "1ms",
            .max = "4m",
            .description = "How long a rebalance waits for the batch in hand before its partition "
                           "goes to another process."},
    Setting{.name = "kafka.linger",
            .type = Type::kDuration,
            .default_value = "0ms",
            .min = "0ms",
            .max = "10s",
            .description = "How long an event waits for others to travel with. Also without, what "
                           "comes while events are on their way travels together."},
    Setting{.name = "kafka.compression",
            .type = Type::kChoice,
            .default_value = "lz4",
            .choices = "none|gzip|snappy|lz4|zstd",
            .description = "How events are compressed on their way and at the brokers."},
    Setting{.name = "kafka.security-protocol",
            .type = Type::kChoice,
            .default_value = "plaintext",
            .choices = "plaintext|ssl|sasl_plaintext|sasl_ssl",
            .description = "How the brokers are spoken to."},
    Setting{.name = "kafka.sasl-mechanism",
            .type = Type::kChoice,
            .default_value = "SCRAM-SHA-512",
            .choices = "PLAIN|SCRAM-SHA-256|SCRAM-SHA-512",
            .description = "How this process says who it is, with the protocols sasl_*."},
    Setting{.name = "kafka.sasl-username", .description = "With the protocols sasl_*."},
    Setting{
        .name = "kafka.sasl-password", .description = "With the protocols sasl_*.", .secret = true},
    Setting{.name = "kafka.ssl-ca-location",
            .description = "File or folder of the authorities trusted to sign the brokers' "
                           "certificates; empty for the machine's own."},
    Setting{.name = "kafka.ssl-certificate-location",
            .description = "PEM file of this process's own certificate; empty for none."},
    Setting{.name = "kafka.ssl-key-location",
            .description = "PEM file of the certificate's private key."},
    Setting{.name = "kafka.ssl-key-password",
            .description = "Of the private key, if it has one.",
            .secret = true},
    Setting{.name = "kafka.properties",
            .type = Type::kList,
            .description = "Further properties of librdkafka as `name=value`; they win over all "
                           "others. No secrets: they are printed.",
            .check = check_property},
};

using Properties = std::vector<std::pair<std::string, std::string>>;

void add_text(Properties& out, const config::Settings& settings, std::string_view setting,
              std::string property) {
  const std::string& value = settings.text(setting);
  if (!value.empty()) out.emplace_back(std::move(property), value);
}

void add_secret(Properties& out, const config::Settings& settings, std::string_view setting,
                std::string property) {
  const std::string value = settings.secret(setting).expose();
  if (!value.empty()) out.emplace_back(std::move(property), value);
}

Properties client_properties(const config::Settings& settings) {
  Properties out;
  const std::string& protocol = settings.choice("kafka.security-protocol");
  out.emplace_back("security.protocol", protocol);
  if (protocol.starts_with("sasl")) {
    out.emplace_back("sasl.mechanism", settings.choice("kafka.sasl-mechanism"));
    add_text(out, settings, "kafka.sasl-username", "sasl.username");
    add_secret(out, settings, "kafka.sasl-password", "sasl.password");
  }
  add_text(out, settings, "kafka.ssl-ca-location", "ssl.ca.location");
  add_text(out, settings, "kafka.ssl-certificate-location", "ssl.certificate.location");
  add_text(out, settings, "kafka.ssl-key-location", "ssl.key.location");
  add_secret(out, settings, "kafka.ssl-key-password", "ssl.key.password");
  for (const std::string& item : settings.list("kafka.properties")) {
    const auto equals = item.find('=');
    out.emplace_back(item.substr(0, equals), item.substr(equals + 1));
  }
  return out;
}

/// Letters, digits, '.', '_' and '-', as Kafka wants a topic's name.
bool is_topic(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  };
  return !name.empty() && name.size() <= 249 && name != "." && name != ".." &&
         std::ranges::all_of(name, allowed);
}

}  // namespace

std::span<const Setting> kafka_settings() { return kSettings; }

Result<KafkaOptions> kafka_options(std::string_view url, const config::Settings& settings) {
  const std::string_view rest = url.starts_with(kScheme) ? url.substr(kScheme.size()) : "";
  const auto slash = rest.find('/');
  if (slash == std::string_view::npos || slash == 0 || !is_topic(rest.substr(slash + 1))) {
    return fail(ErrorKind::kInvalid, "bad-bus-url",
                "\"" + config::masked(url) + "\" is not kafka://HOST:PORT,HOST:PORT/TOPIC.");
  }
  KafkaOptions options;
  options.brokers = rest.substr(0, slash);
  options.topic = rest.substr(slash + 1);
  options.partitions = static_cast<int>(settings.integer("kafka.partitions"));
  options.replication = static_cast<int>(settings.integer("kafka.replication-factor"));
  options.min_insync_replicas = static_cast<int>(settings.integer("kafka.min-insync-replicas"));
  options.group_prefix = settings.text("kafka.group-prefix");
  if (options.group_prefix.empty()) options.group_prefix = options.topic + "-";
  options.instance_id = settings.text("kafka.instance-id");
  if (options.instance_id == kNoInstanceId) options.instance_id.clear();
  options.connect_timeout = settings.duration("kafka.connect-timeout");
  options.publish_timeout = settings.duration("kafka.publish-timeout");
  options.session_timeout = settings.duration("kafka.session-timeout");
  options.revoke_timeout = settings.duration("kafka.revoke-timeout");
  options.linger = settings.duration("kafka.linger");
  options.compression = settings.choice("kafka.compression");
  options.properties = client_properties(settings);
  return options;
}

}  // namespace baedal::messaging
