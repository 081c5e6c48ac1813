#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "simulation/disk.hpp"
#include "simulation/network.hpp"
#include "simulation/provider.hpp"
#include "simulation/story.hpp"
#include "simulation/timeline.hpp"
#include "simulation/topic.hpp"
#include "simulation/weather.hpp"

namespace baedal::simulation {

/// The disks of all stores, by name: "order", "mypage/generation-2".
class Disks {
 public:
  /// That disk, made when there is none.
  std::shared_ptr<Disk> open(const std::string& name);
  void remove(const std::string& name) { disks_.erase(name); }
  /// Null when there is none.
  [[nodiscard]] const Disk* find(const std::string& name) const;
  /// The last of those whose names begin so; null when there is none.
  [[nodiscard]] const Disk* find_last(const std::string& prefix) const;
  /// Visits those whose names begin so.
  void each(const std::string& prefix, const std::function<void(const Disk&)>& visit) const;
  /// How many have names that begin so.
  [[nodiscard]] std::size_t count(const std::string& prefix) const;
  /// Of all of them; changes when any is written.
  [[nodiscard]] std::uint64_t version() const;

 private:
  std::map<std::string, std::shared_ptr<Disk>> disks_;
  int made_ = 0;
};

/// Everything that outlives a process.
struct Surroundings {
  Timeline& timeline;
  Weather& weather;
  Story& story;
  Network& network;
  Topic& topic;
  ProviderOffice& office;
  Disks& disks;
  std::filesystem::path folder;  ///< where the view names its current generation
  std::optional<Bug> bug;
  int replicas = 1;
  std::chrono::seconds key_retention{0};

  /// The names under which the processes of a role listen.
  [[nodiscard]] std::vector<std::string> instances_of(const std::string& role) const;
};

}  // namespace baedal::simulation
