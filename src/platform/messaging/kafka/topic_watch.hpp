#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

#include "platform/messaging/bus.hpp"
#include "platform/messaging/kafka/client.hpp"

namespace baedal::messaging::kafka {

/// The first offset kept of a partition, and the one behind the last.
struct Extent {
  Offset begin = 0;
  Offset end = 0;
};

/// Looks at the topic again and again: is there a broker, does the topic exist, how many partitions
/// has it, how far do they reach. Makes the topic when it is missing; a deleted topic and a changed
/// number of partitions are told in the log, and in health while they last.
class TopicWatch final : public ClientListener {
 public:
  explicit TopicWatch(const KafkaOptions& options);
  ~TopicWatch() override;

  /// Needs no broker. The error is a bad configuration.
  Result<void> open();
  /// Looks until the topic is found, for `timeout` at most. Before start(), on its thread.
  Result<void> find(std::chrono::milliseconds timeout);
  void start();
  void stop();

  /// Looks once, now. Blocks for a few seconds at most. Any thread.
  Result<void> look();
  /// By partition, of the last look that succeeded; empty before.
  [[nodiscard]] std::vector<Extent> extents() const;
  /// Of the last look. Any thread.
  [[nodiscard]] Result<void> health() const;
  /// How often the topic was gone, or another one under its name: seen by its ends going back.
  [[nodiscard]] std::uint64_t topics_lost() const { return topics_lost_.load(); }

 private:
  [[nodiscard]] std::chrono::milliseconds look_timeout() const;
  Result<void> look_until(std::chrono::steady_clock::time_point end);
  Result<void> make_topic(std::chrono::steady_clock::time_point end);
  Result<std::vector<Extent>> read_extents(int partitions,
                                           std::chrono::steady_clock::time_point end);
  void note_extents(std::vector<Extent> extents);
  void note_lost_locked();
  void note(Result<void> health);
  void run();

  void on_error(rd_kafka_resp_err_t code, std::string_view reason) override;

  const KafkaOptions& options_;
  Client client_;
  std::thread thread_;
  std::atomic<std::uint64_t> topics_lost_{0};
  std::mutex looking_;  ///< one look at a time

  mutable std::mutex mutex_;
  std::condition_variable stopping_changed_;
  bool stopping_ = false;
  bool seen_ = false;  ///< the topic was there
  std::vector<Extent> extents_;
  Result<void> health_;
  std::chrono::steady_clock::time_point bad_since_{};
};

}  // namespace baedal::messaging::kafka
