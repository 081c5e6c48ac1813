#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

#include "simulation/plan.hpp"

namespace baedal::simulation {

/// What to run: seeds one after the other, until the time is over or one fails.
struct Hunt {
  std::uint64_t first_seed = 1;
  std::uint64_t seeds_max = UINT64_MAX;
  std::chrono::seconds time{3'600};
  int jobs = 1;  ///< processes side by side
  std::optional<Bug> bug{};
};

/// What was run.
struct Catch {
  std::uint64_t seeds = 0, steps = 0, orders = 0, deaths = 0;
  std::uint64_t virtual_seconds = 0;
  std::uint64_t keys_swept = 0, keys_swept_in_trouble = 0;
  std::array<std::uint64_t, kFaultCount> struck{};
  std::optional<std::uint64_t> failed_seed{};
  bool ended_the_process = false;  ///< that seed: an assertion, a crash
};

/// Each job is a process of its own, so that a seed that ends the program is known by its number.
[[nodiscard]] Catch hunt(const Hunt& what);

}  // namespace baedal::simulation
