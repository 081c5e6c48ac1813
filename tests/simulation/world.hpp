#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "simulation/checker.hpp"
#include "simulation/people.hpp"
#include "simulation/plan.hpp"
#include "simulation/process.hpp"

namespace baedal::simulation {

/// How a run ended.
struct Outcome {
  Violation violation{};  ///< no rule: it went well
  std::uint64_t steps = 0;
  std::uint64_t trace = 0;  ///< equal for equal runs
  std::chrono::nanoseconds virtual_time{0};
  std::size_t orders = 0;
  int deaths = 0;
  std::uint64_t keys_swept = 0;             ///< once-keys, by the sweep
  std::uint64_t keys_swept_in_trouble = 0;  ///< those before the weather was fair
  std::array<std::uint64_t, kFaultCount> struck{};
  std::vector<std::string> story;  ///< when it was asked for

  [[nodiscard]] bool is_well() const { return violation.rule.empty(); }
};

/// One run: all services, the bus, the network, the provider and the people, in one thread on one
/// virtual clock. First with faults, for so many steps; then in fair weather, until all has ended.
class World {
 public:
  World(const Plan& plan, bool tells);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  Outcome run();

 private:
  struct Slot {
    std::string name;
    std::vector<std::string> roles;
    std::unique_ptr<Process> process;
    std::chrono::nanoseconds start_at{0};
  };

  void make_slots();
  void step();
  void make_mischief();
  Process* any_process(Fault fault);
  void halt(VirtualExecutor& executor);
  void kill(Slot& slot);
  void look_after();
  void settle();
  bool wait_for_end(std::chrono::nanoseconds until);
  void require_end();
  void replay_parked();
  [[nodiscard]] std::vector<std::string> still_missing() const;
  [[nodiscard]] std::uint64_t keys_swept() const;
  Outcome outcome();

  const Plan plan_;
  Timeline timeline_;
  Weather weather_;
  Story story_;
  VirtualExecutor outside_{timeline_};
  Network network_{outside_, weather_, story_};
  Topic topic_;
  ProviderOffice office_{outside_, weather_, story_};
  Disks disks_;
  Surroundings surroundings_;
  People people_;
  Checker checker_;
  Violation violation_;
  std::vector<Slot> slots_;
  std::chrono::nanoseconds looked_after_{0};
  int deaths_ = 0;
  std::uint64_t swept_in_trouble_ = 0;
};

/// Runs that plan.
Outcome simulate(const Plan& plan, bool tells = false);

}  // namespace baedal::simulation
