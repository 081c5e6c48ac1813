#include "simulation/shrink.hpp"

#include <algorithm>
#include <functional>

#include "simulation/world.hpp"

namespace baedal::simulation {
namespace {

class Shrinker {
 public:
  Shrinker(const Plan& plan, std::string rule, int runs_max)
      : smallest_(plan), rule_(std::move(rule)), runs_left_(runs_max) {}

  Plan run() {
    for (bool smaller = true; smaller && runs_left_ > 0;) {
      smaller = leave_out_faults();
      smaller = simplify() || smaller;
      smaller = fewer_steps() || smaller;
    }
    return smallest_;
  }

 private:
  /// Takes it, if it still breaks the rule.
  bool take(const Plan& candidate) {
    if (runs_left_-- <= 0) return false;
    const Outcome outcome = simulate(candidate);
    if (outcome.violation.rule != rule_) return false;
    smallest_ = candidate;
    // Nothing behind the violation matters.
    smallest_.steps = std::min(smallest_.steps, outcome.steps);
    return true;
  }

  bool leave_out_faults() {
    bool smaller = false;
    for (std::size_t fault = 0; fault < kFaultCount; ++fault) {
      if (!smallest_.faults.test(fault)) continue;
      Plan candidate = smallest_;
      candidate.faults.reset(fault);
      smaller = take(candidate) || smaller;
    }
    return smaller;
  }

  bool simplify() {
    bool smaller = false;
    const auto attempt = [&](const std::function<void(Plan&)>& change) {
      Plan candidate = smallest_;
      change(candidate);
      const bool taken = take(candidate);
      smaller = smaller || taken;
      return taken;
    };
    if (smallest_.partitions > 1) attempt([](Plan& plan) { plan.partitions = 1; });
    if (!smallest_.in_one)
      attempt([](Plan& plan) { plan.in_one = true, plan.by_gateway = false, plan.replicas = 1; });
    if (smallest_.replicas > 1) attempt([](Plan& plan) { plan.replicas = 1; });
    if (smallest_.by_gateway) attempt([](Plan& plan) { plan.by_gateway = false; });
    while (smallest_.customers > 1 && attempt([](Plan& plan) { --plan.customers; })) {
    }
    return smaller;
  }

  bool fewer_steps() {
    bool smaller = false;
    for (std::uint64_t part = smallest_.steps / 2; part > 0; part /= 2) {
      Plan candidate = smallest_;
      candidate.steps -= std::min(part, candidate.steps - 1);
      if (candidate.steps < smallest_.steps) smaller = take(candidate) || smaller;
    }
    return smaller;
  }

  Plan smallest_;
  const std::string rule_;
  int runs_left_;
};

}  // namespace

Plan shrink(const Plan& plan, const std::string& rule, int runs_max) {
  return Shrinker(plan, rule, runs_max).run();
}

std::string command_of(const Plan& plan) {
  std::string command = "--seed " + std::to_string(plan.seed);
  command += " --steps " + std::to_string(plan.steps);
  command += " --customers " + std::to_string(plan.customers);
  command += " --partitions " + std::to_string(plan.partitions);
  command += " --replicas " + std::to_string(plan.replicas);
  command += " --layout ";
  command += plan.in_one ? "one" : plan.by_gateway ? "gateway" : "many";
  std::string faults;
  for (std::size_t fault = 0; fault < kFaultCount; ++fault) {
    if (!plan.faults.test(fault)) continue;
    faults += (faults.empty() ? "" : ",") + std::string{to_word(static_cast<Fault>(fault))};
  }
  command += " --faults " + (faults.empty() ? std::string{"none"} : faults);
  if (plan.bug) command += " --bug " + std::string{to_word(*plan.bug)};
  return command;
}

}  // namespace baedal::simulation
