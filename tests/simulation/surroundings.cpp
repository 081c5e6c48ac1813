#include "simulation/surroundings.hpp"

#include <algorithm>

namespace baedal::simulation {

std::shared_ptr<Disk> Disks::open(const std::string& name) {
  auto& disk = disks_[name];
  if (!disk) disk = std::make_shared<Disk>(name + "." + std::to_string(++made_));
  return disk;
}

const Disk* Disks::find(const std::string& name) const {
  const auto disk = disks_.find(name);
  return disk == disks_.end() ? nullptr : disk->second.get();
}

const Disk* Disks::find_last(const std::string& prefix) const {
  const Disk* last = nullptr;
  int made_last = 0;
  for (const auto& [name, disk] : disks_) {
    if (!name.starts_with(prefix)) continue;
    const int made = std::stoi(disk->uid().substr(disk->uid().rfind('.') + 1));
    if (made > made_last) last = disk.get();
    made_last = std::max(made_last, made);
  }
  return last;
}

void Disks::each(const std::string& prefix, const std::function<void(const Disk&)>& visit) const {
  for (const auto& [name, disk] : disks_) {
    if (name.starts_with(prefix)) visit(*disk);
  }
}

std::size_t Disks::count(const std::string& prefix) const {
  return static_cast<std::size_t>(std::ranges::count_if(
      disks_, [&](const auto& disk) { return disk.first.starts_with(prefix); }));
}

std::uint64_t Disks::version() const {
  std::uint64_t sum = static_cast<std::uint64_t>(made_) << 32;
  for (const auto& [name, disk] : disks_) sum += disk->version();
  return sum;
}

std::vector<std::string> Surroundings::instances_of(const std::string& role) const {
  // Each mypage would have a view of its own; the gateway has no store.
  if (replicas == 1 || role == "mypage" || role == "gateway") return {role};
  std::vector<std::string> names;
  for (int i = 1; i <= replicas; ++i) names.push_back(role + "-" + std::to_string(i));
  return names;
}

}  // namespace baedal::simulation
