#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "platform/messaging/bus.hpp"
#include "platform/messaging/kafka/options.hpp"

namespace baedal::messaging {

/// Counts of a KafkaBus since it was opened, and what its producer's client says of itself.
struct KafkaStats {
  std::uint64_t received = 0;
  std::uint64_t partitions_came = 0;
  std::uint64_t partitions_went = 0;  ///< or are to go behind the batch in hand
  std::uint64_t commit_failures = 0;
  std::uint64_t pauses = 0;             ///< of partitions whose handler was behind
  std::uint64_t topics_lost = 0;        ///< how often the topic was gone, and made anew
  std::uint64_t producer_renewals = 0;  ///< clients given up with all that waited in them
  std::int64_t messages_waiting = 0;    ///< published, not yet kept by the brokers
  std::int64_t bytes_sent = 0;
  std::int64_t brokers_up = 0;
  std::int64_t round_trip_micros = 0;
};

/// A bus over an Apache Kafka topic; records as record_codec.hpp says.
///
/// - Events of one key keep their order: one key is in one partition, and a partition has no gaps.
///   Across keys there is none; Delivery::offset grows within a partition.
/// - Several processes may have the same group: they share its partitions.
/// - No broker is needed to open, start and stop: what is published meanwhile is refused in time,
///   and health() says so. It goes on by itself when the brokers are back.
/// - The topic is made when it is missing, also later. Its events are then lost, and the log says
///   so; groups begin at the earliest event of the new one. Partitions that are added are used
///   within seconds, and the log says that the order of moved keys does not hold across that.
///
/// stop() must have ended before the bus goes, if it was started. Thread-safe but for subscribe(),
/// start() and stop(), which belong to one thread; start() and open() may block for a few seconds.
class KafkaBus final : public Bus {
 public:
  /// Waits for the topic, for the connect timeout at most, and warms the producer up. The error is
  /// a bad configuration.
  static Result<std::unique_ptr<KafkaBus>> open(KafkaOptions options);
  ~KafkaBus() override;

  Task<Result<void>> publish_all(std::vector<Envelope> events) override;
  void subscribe(std::string group, Handler handler) override;
  Result<void> start() override;
  Task<void> stop() override;
  [[nodiscard]] StopFlag& stop_flag() override;
  /// In order per key, not across keys.
  Task<Result<void>> replay(Handler handler) override;
  [[nodiscard]] std::vector<GroupStatus> groups() const override;
  [[nodiscard]] Result<void> health() const override;

  /// Any thread.
  [[nodiscard]] KafkaStats stats() const;

 private:
  struct Impl;
  explicit KafkaBus(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace baedal::messaging
