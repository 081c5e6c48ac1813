#include "platform/messaging/kafka/client.hpp"

#include <array>
#include <future>
#include <thread>

#include "platform/log/log.hpp"

namespace baedal::messaging::kafka {
namespace {

constexpr std::chrono::seconds kEndTimeout{3};

ClientListener& listener_of(void* opaque) { return *static_cast<ClientListener*>(opaque); }

/// librdkafka's levels are syslog's. A broker that cannot be reached is an error to it, and to us
/// something that passes: what does not pass shows in health.
void write_log(const rd_kafka_t*, int level, const char* facility, const char* text) {
  log::Level ours = level <= 4 ? log::Level::kWarn : log::Level::kInfo;
  // What it thinks of our properties is for whoever changes them.
  if (level > 5 || std::string_view{facility} == "CONFWARN") ours = log::Level::kDebug;
  log::write(ours, "kafka.client", "librdkafka", {{"facility", facility}, {"text", text}});
}

void tell_error(rd_kafka_t*, int code, const char* reason, void* opaque) {
  listener_of(opaque).on_error(static_cast<rd_kafka_resp_err_t>(code), reason);
}

void tell_delivered(rd_kafka_t*, const rd_kafka_message_t* message, void* opaque) {
  listener_of(opaque).on_delivered(*message);
}

void tell_rebalance(rd_kafka_t*, rd_kafka_resp_err_t what,
                    rd_kafka_topic_partition_list_t* partitions, void* opaque) {
  listener_of(opaque).on_rebalance(what, *partitions);
}

void tell_committed(rd_kafka_t*, rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t* offsets,
                    void* opaque) {
  listener_of(opaque).on_committed(code, offsets);
}

int tell_statistics(rd_kafka_t*, char* json, std::size_t size, void* opaque) {
  listener_of(opaque).on_statistics({json, size});
  return 0;  // librdkafka frees the text
}

}  // namespace

void EndClient::operator()(rd_kafka_t* client) const {
  rd_kafka_set_log_level(client, 0);
  auto ended = std::make_shared<std::promise<void>>();
  auto end = ended->get_future();
  std::thread([client, ended] {
    rd_kafka_destroy(client);
    ended->set_value();
  }).detach();
  if (end.wait_for(kEndTimeout) == std::future_status::ready) return;
  log::warn("kafka", "a client of librdkafka does not end: left behind");
}

Config::Config(const KafkaOptions& options, ClientListener& listener)
    : options_(options), conf_(rd_kafka_conf_new()) {
  rd_kafka_conf_set_opaque(conf_, &listener);
  rd_kafka_conf_set_log_cb(conf_, write_log);
  rd_kafka_conf_set_error_cb(conf_, tell_error);
  rd_kafka_conf_set_stats_cb(conf_, tell_statistics);
  set("bootstrap.servers", options.brokers);
  set("client.id", "baedal");
  set("reconnect.backoff.ms", "50");
  set("reconnect.backoff.max.ms", "1000");
  set("socket.keepalive.enable", "true");
  set("socket.nagle.disable", "true");  // requests are small, and a batch is one already
  set("log.connection.close", "false");
  set("topic.metadata.refresh.interval.ms", "5000");
}

Config::~Config() {
  if (conf_ != nullptr) rd_kafka_conf_destroy(conf_);
}

Config& Config::set(std::string_view name, const std::string& value) {
  std::array<char, 256> why{};
  const std::string property{name};
  const auto result =
      rd_kafka_conf_set(conf_, property.c_str(), value.c_str(), why.data(), why.size());
  // The text of librdkafka may repeat the value, which may be a secret.
  if (result != RD_KAFKA_CONF_OK && complaint_.empty()) complaint_ = property;
  return *this;
}

Result<Client> Config::make(rd_kafka_type_t type) {
  for (const auto& [name, value] : options_.properties) set(name, value);
  if (!complaint_.empty()) {
    return fail(ErrorKind::kInvalid, "bad-kafka-setting",
                "librdkafka refuses the property " + complaint_ + ", or its value.");
  }
  if (type == RD_KAFKA_PRODUCER) rd_kafka_conf_set_dr_msg_cb(conf_, tell_delivered);
  if (type == RD_KAFKA_CONSUMER) {
    rd_kafka_conf_set_rebalance_cb(conf_, tell_rebalance);
    rd_kafka_conf_set_offset_commit_cb(conf_, tell_committed);
  }
  std::array<char, 512> why{};
  rd_kafka_t* client = rd_kafka_new(type, conf_, why.data(), why.size());
  if (client == nullptr) {
    return fail(ErrorKind::kInvalid, "bad-kafka-setting",
                std::string{"The Kafka client cannot be made: "} + why.data());
  }
  conf_ = nullptr;  // the client's now
  return Client{client};
}

Result<int> count_partitions(rd_kafka_t* client, const std::string& topic,
                             std::chrono::milliseconds timeout) {
  using Metadata = std::unique_ptr<const rd_kafka_metadata_t, FreeWith<rd_kafka_metadata_destroy>>;
  const Topic handle{rd_kafka_topic_new(client, topic.c_str(), nullptr)};
  const rd_kafka_metadata_t* raw = nullptr;
  const auto code =
      rd_kafka_metadata(client, 0, handle.get(), &raw, static_cast<int>(timeout.count()));
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return std::unexpected(to_error(code, "Kafka does not answer"));
  }
  const Metadata metadata{raw};
  if (metadata->topic_cnt != 1) return 0;
  const auto& found = metadata->topics[0];
  if (found.err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) return 0;
  if (found.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return std::unexpected(to_error(found.err, "The topic cannot be used"));
  }
  return found.partition_cnt;
}

Error to_error(rd_kafka_resp_err_t code, std::string_view doing) {
  return Error{
      ErrorKind::kUnavailable,
      "kafka-unavailable",
      std::string{doing} + ": " + rd_kafka_err2str(code) + " (" + rd_kafka_err2name(code) + ").",
      {},
      std::chrono::seconds{1}};
}

}  // namespace baedal::messaging::kafka
