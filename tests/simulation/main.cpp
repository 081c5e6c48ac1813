// script/simulate: runs seeds of the simulation, and tells of the first that fails.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>
#include <vector>

#include "platform/log/log.hpp"
#include "simulation/hunt.hpp"
#include "simulation/shrink.hpp"
#include "simulation/world.hpp"

namespace baedal::simulation {
namespace {

struct Arguments {
  std::uint64_t seed = 0, steps = 0, first_seed = 1;
  std::int64_t seconds = 0;
  int jobs = 1, customers = 0, partitions = 0, replicas = 0;
  std::string layout, bug;
  std::vector<std::string> faults;
  bool tell = false, no_shrink = false;
};

void print_number(const char* what, std::uint64_t number) {
  std::printf("%14llu %s\n", static_cast<unsigned long long>(number), what);
}

/// The seed's plan, as far as the arguments do not say otherwise.
Plan plan_of(const Arguments& arguments) {
  Plan plan = draw_plan(arguments.seed);
  if (arguments.steps > 0) plan.steps = arguments.steps;
  if (arguments.customers > 0) plan.customers = arguments.customers;
  if (arguments.partitions > 0) plan.partitions = arguments.partitions;
  if (arguments.replicas > 0) plan.replicas = arguments.replicas;
  if (!arguments.layout.empty()) plan.in_one = arguments.layout == "one";
  if (!arguments.layout.empty()) plan.by_gateway = arguments.layout == "gateway";
  if (!arguments.faults.empty()) plan.faults.reset();
  for (const std::string& word : arguments.faults) {
    if (const auto fault = parse_fault(word)) plan.faults.set(static_cast<std::size_t>(*fault));
  }
  plan.bug = parse_bug(arguments.bug);
  return plan;
}

void tell(const Plan& plan) {
  const Outcome outcome = simulate(plan, true);
  for (const std::string& line : outcome.story) std::printf("%s\n", line.c_str());
  std::printf("\n%llu steps, %.1f virtual seconds, %zu orders, %d deaths\n",
              static_cast<unsigned long long>(outcome.steps),
              std::chrono::duration<double>{outcome.virtual_time}.count(), outcome.orders,
              outcome.deaths);
  if (outcome.is_well()) return;
  std::printf("BROKEN  %s\n        %s\n", outcome.violation.rule.c_str(),
              outcome.violation.detail.c_str());
}

/// The smallest run that fails in the same way, and how to see both again.
void tell_smallest(const Plan& plan, const std::string& rule, bool may_shrink) {
  const Plan smallest = may_shrink ? shrink(plan, rule) : plan;
  tell(smallest);
  std::printf("this run:       script/simulate --tell %s\n", command_of(smallest).c_str());
  std::printf("as it was found: script/simulate --tell %s\n", command_of(plan).c_str());
}

int run_one(const Arguments& arguments) {
  const Plan plan = plan_of(arguments);
  if (arguments.tell) tell(plan);
  const Outcome outcome = simulate(plan);
  if (outcome.is_well()) {
    std::printf("seed %llu ends well: trace %016llx\n", static_cast<unsigned long long>(plan.seed),
                static_cast<unsigned long long>(outcome.trace));
    return 0;
  }
  if (!arguments.tell) tell_smallest(plan, outcome.violation.rule, !arguments.no_shrink);
  return 1;
}

int run_many(const Arguments& arguments) {
  const Catch caught = hunt({.first_seed = arguments.first_seed,
                             .time = std::chrono::seconds{arguments.seconds},
                             .jobs = arguments.jobs,
                             .bug = parse_bug(arguments.bug)});
  print_number("seeds", caught.seeds);
  print_number("steps", caught.steps);
  print_number("orders", caught.orders);
  print_number("deaths of a process", caught.deaths);
  print_number("virtual hours", caught.virtual_seconds / 3600);
  print_number("once-keys swept", caught.keys_swept);
  print_number("of them while things went wrong", caught.keys_swept_in_trouble);
  for (std::size_t i = 0; i < kFaultCount; ++i) {
    print_number(std::string{to_word(static_cast<Fault>(i))}.c_str(), caught.struck.at(i));
  }
  if (!caught.failed_seed) return 0;
  Plan plan = draw_plan(*caught.failed_seed);
  plan.bug = parse_bug(arguments.bug);
  if (caught.ended_the_process) {
    std::printf("the program ended in seed %llu: script/simulate %s\n",
                static_cast<unsigned long long>(*caught.failed_seed), command_of(plan).c_str());
    return 1;
  }
  tell_smallest(plan, simulate(plan).violation.rule, !arguments.no_shrink);
  return 1;
}

int run(int argc, char** argv) {
  Arguments arguments;
  CLI::App app{"Runs all services on virtual time, driven by a seed (docs/simulation.md)."};
  app.add_option("--seed", arguments.seed, "Run this one");
  app.add_option("--steps", arguments.steps, "Steps with faults, instead of the seed's");
  app.add_option("--customers", arguments.customers, "Instead of the seed's");
  app.add_option("--partitions", arguments.partitions, "Of the topic, instead of the seed's");
  app.add_option("--replicas", arguments.replicas, "Processes of each role that share a store")
      ->check(CLI::Range(1, 3));
  app.add_option("--layout", arguments.layout, "one process, many, or many behind a gateway")
      ->check(CLI::IsMember({"one", "many", "gateway"}));
  app.add_option("--faults", arguments.faults, "Kinds of faults, or none, instead of the seed's")
      ->delimiter(',');
  app.add_option("--bug", arguments.bug, "Plant a mistake");
  app.add_flag("--tell", arguments.tell, "Tell the story of --seed, however it ends");
  app.add_flag("--no-shrink", arguments.no_shrink, "Tell of a failure as it was found");
  app.add_option("--seconds", arguments.seconds, "Run seeds for so long");
  app.add_option("--first-seed", arguments.first_seed, "Of --seconds");
  app.add_option("--jobs", arguments.jobs, "Processes side by side, of --seconds")
      ->check(CLI::Range(1, 64));
  CLI11_PARSE(app, argc, argv);
  log::configure({.level = log::Level::kOff});
  return arguments.seconds > 0 ? run_many(arguments) : run_one(arguments);
}

}  // namespace
}  // namespace baedal::simulation

int main(int argc, char** argv) { return baedal::simulation::run(argc, argv); }
