#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "kernel/async/sync.hpp"
#include "kernel/clock.hpp"
#include "platform/messaging/bus.hpp"
#include "simulation/life.hpp"
#include "simulation/story.hpp"
#include "simulation/topic.hpp"
#include "simulation/weather.hpp"

namespace baedal::simulation {

/// The bus port over a Topic, for one life of a process. It is as bad as a Bus may be, and no
/// worse. One executor.
class TopicBus final : public messaging::Bus {
 public:
  struct World {
    Weather& weather;
    Story& story;
    std::optional<Bug> bug;
    messaging::Offset batch_max = 6;
  };

  /// All outlive it. `name` is for the story.
  TopicBus(std::string name, Topic& topic, const Life& life, const Clock& clock, World world);
  ~TopicBus() override;

  Task<Result<void>> publish_all(std::vector<messaging::Envelope> events) override;
  void subscribe(std::string group, Handler handler) override;
  Result<void> start() override;
  /// Its partitions go to others, at once: the process is dead.
  void leave_groups();
  Task<void> stop() override;
  [[nodiscard]] messaging::StopFlag& stop_flag() override { return stop_; }
  Task<Result<void>> replay(Handler handler) override;
  [[nodiscard]] std::vector<messaging::GroupStatus> groups() const override;
  [[nodiscard]] Result<void> health() const override { return {}; }

 private:
  struct Lane;
  using Batch = std::vector<messaging::Delivery>;

  Task<Result<void>> publish(std::vector<messaging::Envelope> events);
  Task<Result<void>> publish_unseen(std::vector<messaging::Envelope> events);
  Task<Result<void>> send(std::vector<messaging::Envelope> events);
  Task<Result<void>> keep(std::vector<messaging::Envelope> events);
  [[nodiscard]] bool has_lost_some() const;
  std::unexpected<Error> refuse();
  Task<void> run(Lane& lane);
  [[nodiscard]] std::set<std::string> group_names() const;
  [[nodiscard]] bool has(const Lane& lane) const;
  Task<bool> hand_over(Lane& lane, const Batch& batch, bool again);
  void move_on(Lane& lane, messaging::Offset next);
  void go_back(Lane& lane);
  Batch next_batch(Lane& lane);
  [[nodiscard]] Topic::Position& position(const Lane& lane) const;
  void tell(const std::string& what) const;

  const std::string name_;
  Topic& topic_;
  const Life& life_;
  const Clock& clock_;
  const World world_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  messaging::StopFlag stop_;
  bool running_ = false;
  bool gone_ = false;  ///< left its groups
  std::uint64_t publishes_ = 0;
  std::map<std::uint64_t, std::uint64_t>
      in_flight_;               ///< topic's generation at its start, by number
  std::uint64_t refusals_ = 0;  ///< a publish begun before the last one is not kept
  std::chrono::steady_clock::time_point last_arrival_{};  ///< they arrive in the order they began
  std::vector<messaging::Offset> ends_at_start_;
};

}  // namespace baedal::simulation
