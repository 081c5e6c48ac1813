#pragma once

#include <span>
#include <string>
#include <vector>

#include "platform/messaging/bus.hpp"
#include "platform/messaging/kafka/client.hpp"

namespace baedal::messaging::kafka {

/// Reads every event of a topic once, outside of any group: from the earliest kept to the end at
/// the time of open(), each partition in order. Every call blocks; one thread at a time.
class Replay final : public ClientListener {
 public:
  explicit Replay(const KafkaOptions& options);

  /// Finds where the partitions begin and end.
  Result<void> open();
  /// The next events; empty when all were given. kUnavailable when the brokers are silent for long.
  Result<std::vector<Delivery>> next();

 private:
  struct Part {
    Offset end = 0;
    bool done = false;
  };

  Result<void> assign(int partitions);
  [[nodiscard]] bool finished() const;
  Result<void> take(const rd_kafka_message_t& message, std::vector<Delivery>& batch);

  void on_error(rd_kafka_resp_err_t code, std::string_view reason) override;

  const KafkaOptions& options_;
  Client client_;
  std::vector<Part> parts_;
};

}  // namespace baedal::messaging::kafka
