#include <cstdio>
#include <cstdlib>

#include "platform/log/log.hpp"
#include "simulation/world.hpp"

int main(int argc, char** argv) {
  using namespace baedal::simulation;
  baedal::log::configure({.level = baedal::log::Level::kOff});
  const auto first = static_cast<std::uint64_t>(argc > 1 ? std::atoll(argv[1]) : 1);
  const auto count = static_cast<std::uint64_t>(argc > 2 ? std::atoll(argv[2]) : 1);
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    Plan plan = draw_plan(seed);
    if (argc > 3) plan.bug = parse_bug(argv[3]);
    const Outcome outcome = simulate(plan, count == 1);
    for (const auto& line : outcome.story) std::printf("%s\n", line.c_str());
    if (count == 1 || !outcome.is_well()) std::printf("seed %llu steps %llu orders %zu deaths %d time %.1fs: %s: %s\n", (unsigned long long)seed,
                (unsigned long long)outcome.steps, outcome.orders, outcome.deaths, std::chrono::duration<double>(outcome.virtual_time).count(), outcome.violation.rule.c_str(), outcome.violation.detail.c_str());
  }
}
