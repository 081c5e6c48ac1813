// The simulator must find every mistake that is planted, and make it small.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <string>

#include "platform/log/log.hpp"
#include "simulation/hunt.hpp"
#include "simulation/shrink.hpp"
#include "simulation/world.hpp"

namespace baedal::simulation {
namespace {

/// Most are found within ten; the bound is what the test may take.
constexpr std::uint64_t kSeedsMax = 1'000;

class Planted : public ::testing::TestWithParam<std::size_t> {
 protected:
  Planted() { log::configure({.level = log::Level::kOff}); }
  const Bug bug_ = static_cast<Bug>(GetParam());
};

TEST_P(Planted, is_found_and_made_small) {
  const Catch caught = hunt({.seeds_max = kSeedsMax, .jobs = 2, .bug = bug_});
  ASSERT_TRUE(caught.failed_seed) << "not found in " << caught.seeds << " seeds";
  ASSERT_FALSE(caught.ended_the_process);
  Plan plan = draw_plan(*caught.failed_seed);
  plan.bug = bug_;
  const Outcome found = simulate(plan);
  ASSERT_FALSE(found.is_well());
  const Plan smallest = shrink(plan, found.violation.rule, 60);
  const Outcome again = simulate(smallest);
  EXPECT_EQ(again.violation.rule, found.violation.rule);
  EXPECT_LE(smallest.faults.count(), plan.faults.count());
  EXPECT_LE(smallest.steps, plan.steps);
  RecordProperty("seeds", static_cast<int>(caught.seeds));
  std::printf("%-28s %5llu seeds  %s\n", std::string{to_word(bug_)}.c_str(),
              static_cast<unsigned long long>(caught.seeds), found.violation.rule.c_str());
}

INSTANTIATE_TEST_SUITE_P(Bugs, Planted, ::testing::Range(std::size_t{0}, kBugCount),
                         [](const auto& bug) {
                           std::string name{to_word(static_cast<Bug>(bug.param))};
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace baedal::simulation
