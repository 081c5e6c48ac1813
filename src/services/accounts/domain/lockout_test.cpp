// Every state of a lock-out × every event: the right password, a wrong one.
#include "services/accounts/domain/lockout.hpp"

#include <gtest/gtest.h>

namespace baedal::accounts {
namespace {

using enum LoginVerdict;
using std::chrono::microseconds;

constexpr LockoutPolicy kPolicy{
    .failures_max = 3, .lock_first = microseconds{100}, .lock_max = microseconds{350}};
constexpr Timestamp kNow{10'000};
constexpr Timestamp kThen{5'000};

struct Case {
  const char* state;
  std::int64_t failures;
  std::int64_t locked_for;  ///< from now on; 0: not locked
  bool right;
  LoginVerdict verdict;
  std::int64_t failures_after;
  std::int64_t locked_for_after;
};

constexpr Case kCases[] = {
    {"clear", 0, 0, true, kGranted, 0, 0},
    {"clear", 0, 0, false, kRefused, 1, 0},
    {"failing", 1, 0, true, kGranted, 0, 0},
    {"failing", 1, 0, false, kRefused, 2, 0},
    {"before the limit", 2, 0, true, kGranted, 0, 0},
    {"before the limit", 2, 0, false, kRefused, 3, 100},
    {"locked", 3, 100, true, kLocked, 3, 100},
    {"locked", 3, 100, false, kLocked, 3, 100},
    {"locked, its last moment", 3, 1, true, kLocked, 3, 1},
    {"locked, its last moment", 3, 1, false, kLocked, 3, 1},
    {"locked as long as can be", 9, 350, true, kLocked, 9, 350},
    {"locked as long as can be", 9, 350, false, kLocked, 9, 350},
    {"the lock over, this moment", 3, 0, true, kGranted, 0, 0},
    {"the lock over, this moment", 3, 0, false, kRefused, 4, 200},
    {"the lock long over", 4, -5'000, true, kGranted, 0, 0},
    {"the lock long over", 4, -5'000, false, kRefused, 5, 350},
    {"failing for ever", 1'000'000, -1, false, kRefused, 1'000'001, 350},
    {"failing for ever", 1'000'000, -1, true, kGranted, 0, 0},
    {"locked by a clock set back since", 3, 351, true, kGranted, 0, 0},
    {"locked by a clock set back since", 3, 351, false, kRefused, 4, 200},
};

TEST(DecideLogin, every_state_and_every_event) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(std::string{c.state} + (c.right ? ", right" : ", wrong"));
    Lockout before{.failures = c.failures, .tried_at = kThen};
    if (c.locked_for != 0) before.locked_until = kNow + microseconds{c.locked_for};
    const auto [after, verdict] = decide_login(before, c.right, kNow, kPolicy);
    EXPECT_EQ(verdict, c.verdict);
    EXPECT_EQ(after.failures, c.failures_after);
    const auto locked = is_locked(after, kNow, kPolicy) ? (after.locked_until - kNow).count() : 0;
    EXPECT_EQ(locked, c.locked_for_after);
    EXPECT_EQ(after.tried_at, kNow) << "each attempt is kept, so that each costs a commit";
  }
}

TEST(DecideLogin, never_grants_a_wrong_password_nor_anything_while_locked) {
  for (std::int64_t failures = 0; failures < 8; ++failures) {
    for (std::int64_t locked_for = -2; locked_for < 400; ++locked_for) {
      const Lockout before{.failures = failures, .locked_until = kNow + microseconds{locked_for}};
      EXPECT_NE(decide_login(before, false, kNow, kPolicy).verdict, kGranted);
      if (!is_locked(before, kNow, kPolicy)) continue;
      EXPECT_EQ(decide_login(before, true, kNow, kPolicy).verdict, kLocked);
    }
  }
}

TEST(DecideLogin, guessing_for_a_day_brings_no_more_than_the_policy_says) {
  Lockout state;
  std::int64_t looked_at = 0;
  for (Timestamp now{0}; now.micros < 86'400; now.micros += 10) {
    const auto [next, verdict] = decide_login(state, false, now, kPolicy);
    state = next;
    if (verdict == kRefused) ++looked_at;
  }
  EXPECT_LE(looked_at, kPolicy.failures_max + 2 + 86'400 / kPolicy.lock_max.count());
}

TEST(DecideLogin, one_failure_may_be_enough) {
  constexpr LockoutPolicy kStrict{
      .failures_max = 1, .lock_first = microseconds{100}, .lock_max = microseconds{100}};
  const auto [after, verdict] = decide_login({}, false, kNow, kStrict);
  EXPECT_EQ(verdict, kRefused);
  EXPECT_TRUE(is_locked(after, kNow + microseconds{99}, kStrict));
  EXPECT_FALSE(is_locked(after, kNow + microseconds{100}, kStrict));
}

}  // namespace
}  // namespace baedal::accounts
