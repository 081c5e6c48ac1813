#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "platform/messaging/bus.hpp"

namespace baedal::simulation {

/// The broker's side of the bus: partitions of events, and where each group stands. Outlives the
/// processes.
class Topic {
 public:
  /// Where a group stands in a partition: what it has in hand next, and what survives its process.
  struct Position {
    messaging::Offset live = 0;
    messaging::Offset kept = 0;
    const void* owner = nullptr;  ///< the member that has the partition
    std::uint64_t tenure = 0;     ///< grows with each change of hands
  };
  struct Partition {
    std::vector<messaging::Envelope> events;
    std::size_t synced = 0;
    std::map<std::string, Position> groups;
  };

  explicit Topic(int partitions) : partitions_(static_cast<std::size_t>(partitions)) {}

  [[nodiscard]] std::vector<Partition>& partitions() { return partitions_; }
  [[nodiscard]] const std::vector<Partition>& partitions() const { return partitions_; }
  [[nodiscard]] std::size_t partition_of(const messaging::Envelope& event) const;
  /// Adds it, tells the listeners, wakes the waiting.
  void append(std::size_t partition, messaging::Envelope event);
  /// Everything there is now is durable.
  void sync();
  /// Loses the events of each partition from `kept(partition)` on; groups that were further go
  /// back.
  void tear(const std::function<std::size_t(const Partition&)>& kept);
  /// A member begins or ends; partitions go to others, where the group was kept to be.
  void join(const std::string& group, const void* member);
  void quit(const std::string& group, const void* member);
  /// Gives the partitions of a group to its members anew.
  void rebalance(const std::string& group, std::size_t turn);
  /// Grows with each tear: what was published before, and not answered yet, may be lost.
  [[nodiscard]] std::uint64_t generation() const { return generation_; }

  /// Hears of every event as it is appended.
  void on_append(std::function<void(const messaging::Envelope&)> heard) {
    heard_ = std::move(heard);
  }
  /// Hears of every event as it is given to a group.
  void on_given(std::function<void(const std::string&, const messaging::Envelope&)> heard) {
    given_ = std::move(heard);
  }
  void give(const std::string& group, const messaging::Envelope& event) const {
    if (given_) given_(group, event);
  }
  /// Called at each append until the owner leaves.
  void enrol(const void* owner, std::function<void()> wake) { waiting_[owner] = std::move(wake); }
  void leave(const void* owner) { waiting_.erase(owner); }

 private:
  void wake_all() const;

  std::vector<Partition> partitions_;
  std::map<std::string, std::vector<const void*>> members_;
  std::uint64_t generation_ = 0;
  std::function<void(const messaging::Envelope&)> heard_;
  std::function<void(const std::string&, const messaging::Envelope&)> given_;
  std::map<const void*, std::function<void()>> waiting_;
};

}  // namespace baedal::simulation
