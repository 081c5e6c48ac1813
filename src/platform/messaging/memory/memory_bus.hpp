#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <vector>

#include "platform/messaging/bus.hpp"

namespace baedal::messaging {

/// What a MemoryBus keeps: outlives it, so that a test can "restart" on the same topic.
struct MemoryTopic {
  std::mutex mutex;
  std::vector<Delivery> events;
  std::map<std::string, Offset> positions;
};

/// How a MemoryBus behaves worse than it must, within what a Bus promises.
struct MemoryBusOptions {
  bool deliver_twice = false;          ///< every batch once more, behind itself
  bool shuffle_across_keys = false;    ///< within a batch; the order of one key is kept
  std::chrono::milliseconds delay{0};  ///< before each batch
  std::size_t batch_max = 256;
  std::uint64_t seed = 1;                     ///< of the shuffling
  std::chrono::milliseconds pause_first{50};  ///< after a batch not taken, doubling
  std::chrono::milliseconds pause_max{5'000};
};

/// A bus for tests and simulation: nothing is written, everything is kept until the topic goes.
class MemoryBus : public Bus {
 public:
  explicit MemoryBus(MemoryBusOptions options = {},
                     std::shared_ptr<MemoryTopic> topic = std::make_shared<MemoryTopic>());
  ~MemoryBus() override;

  Task<Result<void>> publish_all(std::vector<Envelope> events) override;
  void subscribe(std::string group, Handler handler) override;
  Result<void> start() override;
  Task<void> stop() override;
  [[nodiscard]] StopFlag& stop_flag() override { return stop_; }
  Task<Result<void>> replay(Handler handler) override;
  [[nodiscard]] std::vector<GroupStatus> groups() const override;
  [[nodiscard]] Result<void> health() const override { return {}; }

 private:
  struct Group;

  Task<void> run(Group& group);
  Task<Result<void>> hand_over(Group& group, std::vector<Delivery> batch);
  [[nodiscard]] std::vector<Delivery> events_from(Offset from, Offset end) const;

  const MemoryBusOptions options_;
  const std::shared_ptr<MemoryTopic> topic_;
  std::vector<std::unique_ptr<Group>> groups_;
  StopFlag stop_;
  std::atomic<bool> running_{false};
  Offset end_at_start_ = 0;
};

}  // namespace baedal::messaging
