#pragma once

#include <string>

#include "simulation/plan.hpp"

namespace baedal::simulation {

/// The smallest plan found that still breaks the same rule: fewer kinds of faults first, then fewer
/// people, processes, partitions and steps. `plan` breaks `rule`. At most `runs_max` runs.
[[nodiscard]] Plan shrink(const Plan& plan, const std::string& rule, int runs_max = 400);

/// The arguments of script/simulate that make that run again.
[[nodiscard]] std::string command_of(const Plan& plan);

}  // namespace baedal::simulation
