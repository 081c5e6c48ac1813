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
  wake_all();
}

void Topic::wake_all() const {
  for (const auto& [owner, wake] : waiting_) wake();
}

void Topic::join(const std::string& group, const void* member) {
  members_[group].push_back(member);
  rebalance(group, 0);
}

void Topic::quit(const std::string& group, const void* member) {
  std::erase(members_[group], member);
  rebalance(group, 0);
}

void Topic::rebalance(const std::string& group, std::size_t turn) {
  const auto& members = members_[group];
  for (std::size_t i = 0; i < partitions_.size(); ++i) {
    Position& position = partitions_[i].groups[group];
    const void* owner = members.empty() ? nullptr : members[(i + turn) % members.size()];
    if (owner == position.owner) continue;
    position.owner = owner;
    position.live = position.kept;
    ++position.tenure;
  }
  wake_all();
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
