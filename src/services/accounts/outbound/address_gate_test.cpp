// How often one client may try.
#include "services/accounts/outbound/address_gate.hpp"

#include <gtest/gtest.h>

#include "platform/clock/manual_clock.hpp"

namespace baedal::accounts {
namespace {

using std::chrono::seconds;

TEST(AddressGate, lets_a_burst_through_and_then_one_at_a_time) {
  ManualClock clock{Timestamp{0}};
  AddressGate gate{{.burst = 3, .interval = seconds{6}}, clock};
  for (int i = 0; i < 3; ++i) EXPECT_EQ(gate.try_enter("a"), seconds{0});
  EXPECT_EQ(gate.try_enter("a"), seconds{6});
  EXPECT_EQ(gate.try_enter("b"), seconds{0}) << "others are not held up";
  clock.advance(seconds{5});
  EXPECT_EQ(gate.try_enter("a"), seconds{1});
  clock.advance(seconds{1});
  EXPECT_EQ(gate.try_enter("a"), seconds{0});
  EXPECT_EQ(gate.try_enter("a"), seconds{6});
}

TEST(AddressGate, a_refusal_costs_nothing_more) {
  ManualClock clock{Timestamp{0}};
  AddressGate gate{{.burst = 1, .interval = seconds{2}}, clock};
  EXPECT_EQ(gate.try_enter("a"), seconds{0});
  for (int i = 0; i < 10; ++i) EXPECT_GT(gate.try_enter("a"), seconds{0});
  clock.advance(seconds{2});
  EXPECT_EQ(gate.try_enter("a"), seconds{0});
}

}  // namespace
}  // namespace baedal::accounts
