// The simulator itself: that a seed is a run, and that every kind of fault strikes.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <string>

#include "platform/log/log.hpp"
#include "simulation/hunt.hpp"
#include "simulation/world.hpp"

namespace baedal::simulation {
namespace {

using namespace std::chrono_literals;

class Simulation : public ::testing::Test {
 protected:
  Simulation() { log::configure({.level = log::Level::kOff}); }
};

TEST_F(Simulation, equal_seeds_make_equal_runs_told_or_not) {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    const Plan plan = draw_plan(seed);
    const Outcome once = simulate(plan);
    const Outcome again = simulate(plan, true);
    EXPECT_EQ(once.trace, again.trace) << seed;
    EXPECT_EQ(once.steps, again.steps) << seed;
    EXPECT_TRUE(once.story.empty());
    EXPECT_FALSE(again.story.empty());
  }
}

TEST_F(Simulation, fewer_steps_are_the_beginning_of_the_same_run) {
  Plan plan = draw_plan(7);
  plan.steps = 900;
  const Outcome longer = simulate(plan, true);
  plan.steps = 600;
  const Outcome shorter = simulate(plan, true);
  const auto same = std::ranges::mismatch(longer.story, shorter.story);
  ASSERT_NE(same.in2, shorter.story.end());
  EXPECT_NE(same.in2->find("fair weather"), std::string::npos);
}

TEST_F(Simulation, without_faults_every_order_ends_and_nothing_strikes) {
  std::size_t orders = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Plan plan = draw_plan(seed);
    plan.faults.reset();
    const Outcome outcome = simulate(plan);
    EXPECT_TRUE(outcome.is_well()) << seed << ": " << outcome.violation.detail;
    EXPECT_LE(outcome.orders, static_cast<std::size_t>(plan.customers)) << seed;
    orders += outcome.orders;
    EXPECT_EQ(outcome.deaths, 0) << seed;
    for (const std::uint64_t struck : outcome.struck) EXPECT_EQ(struck, 0U);
  }
  EXPECT_GT(orders, 60U);  // a sold-out menu may have cost some
}

/// Run once, for those tests that count.
const Catch& sixty_seeds() {
  static const Catch caught = hunt({.seeds_max = 60, .jobs = 1});
  return caught;
}

TEST_F(Simulation, every_kind_of_fault_strikes) {
  const Catch& caught = sixty_seeds();
  EXPECT_FALSE(caught.failed_seed) << *caught.failed_seed;
  for (std::size_t fault = 0; fault < kFaultCount; ++fault) {
    EXPECT_GT(caught.struck.at(fault), 0U) << to_word(static_cast<Fault>(fault));
  }
}

TEST_F(Simulation, old_once_keys_are_swept_also_while_things_go_wrong) {
  const Catch& caught = sixty_seeds();
  EXPECT_GT(caught.keys_swept_in_trouble, 0U);
  EXPECT_GT(caught.keys_swept, caught.keys_swept_in_trouble);
}

TEST_F(Simulation, every_word_is_read_back) {
  for (std::size_t i = 0; i < kFaultCount; ++i) {
    const auto fault = static_cast<Fault>(i);
    EXPECT_EQ(parse_fault(to_word(fault)), fault);
  }
  for (std::size_t i = 0; i < kBugCount; ++i) {
    const auto bug = static_cast<Bug>(i);
    EXPECT_EQ(parse_bug(to_word(bug)), bug);
  }
  EXPECT_EQ(parse_fault("none"), std::nullopt);
}

}  // namespace
}  // namespace baedal::simulation
