#include "simulation/topic.hpp"

#include <algorithm>
#include <utility>

namespace baedal::simulation {

using messaging::Envelope;
using messaging::Offset;

std::size_t Topic::partition_of(const Envelope& event) const {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : event.key) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return (hash >> 32) % partitions_.size();
}

void Topic::append(std::size_t partition, Envelope event) {
  if (heard_) heard_(event);
  partitions_.at(partition).events.push_back(std::move(event));
  for (const auto& [owner, wake] : waiting_) wake();
}

void Topic::sync() {
  for (Partition& partition : partitions_) partition.synced = partition.events.size();
}

void Topic::tear(const std::function<std::size_t(const Partition&)>& kept) {
  ++generation_;
  for (Partition& partition : partitions_) {
    partition.events.resize(std::clamp(kept(partition), partition.synced, partition.events.size()));
    const auto end = static_cast<Offset>(partition.events.size());
    for (auto& [group, position] : partition.groups) {
      position.live = std::min(position.live, end);
      position.kept = std::min(position.kept, end);
    }
  }
  sync();
}

}  // namespace baedal::simulation
