#pragma once

#include <librdkafka/rdkafka.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "kernel/error.hpp"
#include "platform/messaging/kafka/options.hpp"

/// Inner parts of KafkaBus.
namespace baedal::messaging::kafka {

template <auto Free>
struct FreeWith {
  void operator()(auto* thing) const { Free(thing); }
};

/// Destroys a client, and waits for that, but not for ever: librdkafka 2.0 does not come to an end
/// when partitions it had are gone with a topic that was made anew. Then it stays behind, silent.
struct EndClient {
  void operator()(rd_kafka_t* client) const;
};
using Client = std::unique_ptr<rd_kafka_t, EndClient>;
using Partitions = std::unique_ptr<rd_kafka_topic_partition_list_t,
                                   FreeWith<rd_kafka_topic_partition_list_destroy>>;
using Message = std::unique_ptr<rd_kafka_message_t, FreeWith<rd_kafka_message_destroy>>;
using Queue = std::unique_ptr<rd_kafka_queue_t, FreeWith<rd_kafka_queue_destroy>>;
using Topic = std::unique_ptr<rd_kafka_topic_t, FreeWith<rd_kafka_topic_destroy>>;

inline Partitions make_partitions() { return Partitions{rd_kafka_topic_partition_list_new(8)}; }

/// What a client tells while it is polled, on the polling thread.
class ClientListener {
 public:
  virtual ~ClientListener() = default;
  virtual void on_error(rd_kafka_resp_err_t code, std::string_view reason) = 0;
  virtual void on_delivered(const rd_kafka_message_t& message) { static_cast<void>(message); }
  virtual void on_rebalance(rd_kafka_resp_err_t what, rd_kafka_topic_partition_list_t& partitions) {
    static_cast<void>(what);
    static_cast<void>(partitions);
  }
  virtual void on_committed(rd_kafka_resp_err_t code,
                            const rd_kafka_topic_partition_list_t* offsets) {
    static_cast<void>(code);
    static_cast<void>(offsets);
  }
  virtual void on_statistics(std::string_view json) { static_cast<void>(json); }
};

/// The properties of a client to be made. Remembers the first that is refused.
class Config {
 public:
  /// With what every client of a bus has in common. `listener` is borrowed by the client.
  Config(const KafkaOptions& options, ClientListener& listener);
  ~Config();
  Config(const Config&) = delete;
  Config& operator=(const Config&) = delete;

  Config& set(std::string_view name, const std::string& value);
  [[nodiscard]] rd_kafka_conf_t* raw() { return conf_; }
  /// kInvalid, "bad-kafka-setting", when a property was refused. Once.
  Result<Client> make(rd_kafka_type_t type);

 private:
  const KafkaOptions& options_;
  rd_kafka_conf_t* conf_;
  std::string complaint_;
};

/// How many partitions the topic has; 0 when there is no such topic. Blocks.
[[nodiscard]] Result<int> count_partitions(rd_kafka_t* client, const std::string& topic,
                                           std::chrono::milliseconds timeout);

/// An error of the brokers or the network as ours. Says no address.
[[nodiscard]] Error to_error(rd_kafka_resp_err_t code, std::string_view doing);

}  // namespace baedal::messaging::kafka
