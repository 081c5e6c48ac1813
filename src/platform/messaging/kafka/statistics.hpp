#pragma once

#include <cstdint>
#include <mutex>
#include <string_view>

namespace baedal::messaging::kafka {

/// What librdkafka says of one client every few seconds.
struct ClientStatistics {
  std::int64_t messages_waiting = 0;  ///< in its queues
  std::int64_t bytes_waiting = 0;
  std::int64_t requests_sent = 0, bytes_sent = 0;
  std::int64_t answers_received = 0, bytes_received = 0;
  std::int64_t brokers_up = 0;
  std::int64_t round_trip_micros = 0;  ///< mean of the slowest broker
};

/// The last statistics of a client. Any thread.
class Statistics {
 public:
  /// `json` as librdkafka writes it; what is not understood is passed over.
  void update(std::string_view json);
  [[nodiscard]] ClientStatistics read() const;

 private:
  mutable std::mutex mutex_;
  ClientStatistics last_{};
};

}  // namespace baedal::messaging::kafka
