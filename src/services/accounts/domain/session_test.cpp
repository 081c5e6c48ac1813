// A family of refresh tokens: every state × every token that may come.
#include "services/accounts/domain/session.hpp"

#include <gtest/gtest.h>

namespace baedal::accounts {
namespace {

using enum RefreshVerdict;
using std::chrono::microseconds;

constexpr SessionPolicy kPolicy{
    .lasts = microseconds{1'000}, .idle = microseconds{300}, .grace = microseconds{10}};
constexpr Timestamp kNow{50'000};

/// How old it is, how long it was not used, and whether its account still wants it.
struct State {
  const char* name;
  std::int64_t age;
  std::int64_t unused;
  bool wanted;
  bool used_before;  ///< has a secret before the present one
};

constexpr State kFresh{"fresh", 0, 0, true, false};
constexpr State kJustRotated{"just rotated", 500, 10, true, true};
constexpr State kRotatedBefore{"rotated a while ago", 500, 11, true, true};
constexpr State kAlmostIdle{"almost idle too long", 500, 299, true, true};
constexpr State kIdle{"idle too long", 500, 300, true, true};
constexpr State kAlmostOld{"almost too old", 999, 5, true, true};
constexpr State kOld{"too old", 1'000, 5, true, true};
constexpr State kUnwanted{"ended by the account", 500, 5, false, true};
constexpr State kUnwantedAndOld{"ended by the account, and too old", 2'000, 5, false, true};
constexpr State kClockSetBack{"begun in the future", -100, -100, true, true};

enum Token { kCurrent, kPrevious, kOlder };

struct Case {
  State state;
  RefreshVerdict of_current;
  RefreshVerdict of_previous;
  RefreshVerdict of_older;
};

constexpr Case kCases[] = {
    {kFresh, kRotated, kReused, kReused},         {kJustRotated, kRotated, kRaced, kReused},
    {kRotatedBefore, kRotated, kReused, kReused}, {kAlmostIdle, kRotated, kReused, kReused},
    {kIdle, kExpired, kExpired, kExpired},        {kAlmostOld, kRotated, kRaced, kReused},
    {kOld, kExpired, kExpired, kExpired},         {kUnwanted, kEnded, kEnded, kEnded},
    {kUnwantedAndOld, kEnded, kEnded, kEnded},    {kClockSetBack, kRotated, kRaced, kReused},
};

Account account() { return {.id = AccountId{3}, .epoch = 2}; }

Session session_in(const State& state) {
  return {.id = SessionId{9},
          .account = AccountId{3},
          .epoch = state.wanted ? 2 : 1,
          .family = {"f"},
          .current = {"current"},
          .previous = {state.used_before ? "previous" : ""},
          .created_at = kNow + microseconds{-state.age},
          .refreshed_at = kNow + microseconds{-state.unused}};
}

void expect(const State& state, Token token, RefreshVerdict expected) {
  constexpr const char* kSecrets[] = {"current", "previous", "older"};
  SCOPED_TRACE(std::string{state.name} + ", " + kSecrets[token]);
  const Session before = session_in(state);
  const auto [after, verdict] =
      decide_refresh(before, account(), {kSecrets[token]}, {"next"}, kNow, kPolicy);
  EXPECT_EQ(verdict, expected);
  EXPECT_EQ(after.id, before.id);
  EXPECT_EQ(after.family, before.family);
  EXPECT_EQ(after.created_at, before.created_at) << "no refresh makes it last longer in all";
  const bool rotated = verdict == kRotated;
  EXPECT_EQ(after.current, rotated ? Digest{"next"} : before.current);
  EXPECT_EQ(after.previous, rotated ? before.current : before.previous);
  EXPECT_EQ(after.refreshed_at, rotated ? kNow : before.refreshed_at);
}

TEST(DecideRefresh, every_state_and_every_token) {
  for (const Case& c : kCases) {
    expect(c.state, kCurrent, c.of_current);
    expect(c.state, kPrevious, c.of_previous);
    expect(c.state, kOlder, c.of_older);
  }
}

TEST(DecideRefresh, a_used_token_is_never_good_again) {
  Session session = session_in(kFresh);
  std::vector<Digest> used;
  for (int i = 0; i < 5; ++i) {
    const Digest next{"secret-" + std::to_string(i)};
    used.push_back(session.current);
    session = decide_refresh(session, account(), session.current, next, kNow, kPolicy).session;
    for (const Digest& old : used) {
      const auto verdict = decide_refresh(session, account(), old, {"x"}, kNow, kPolicy).verdict;
      EXPECT_EQ(verdict, old == used.back() ? kRaced : kReused);
    }
  }
}

TEST(DecideRefresh, over_is_all_that_cannot_go_on) {
  EXPECT_FALSE(is_over(kRotated));
  EXPECT_FALSE(is_over(kRaced));
  for (const RefreshVerdict verdict : {kReused, kExpired, kEnded}) EXPECT_TRUE(is_over(verdict));
}

TEST(IsWanted, by_an_active_account_whose_password_is_still_the_same) {
  const Session session = session_in(kFresh);
  EXPECT_TRUE(is_wanted(session, account()));
  EXPECT_FALSE(is_wanted(session, with_password(account(), PasswordHash{"new"}, kNow)));
  EXPECT_FALSE(is_wanted(session, removed(account(), kNow)));
  EXPECT_TRUE(is_wanted(session, with_roles(account(), {}, kNow)));
  Account other = account();
  other.id = AccountId{4};
  EXPECT_FALSE(is_wanted(session, other));
}

TEST(EndOf, is_the_nearer_of_two) {
  EXPECT_EQ(end_of(session_in(kFresh), kPolicy), kNow + microseconds{300});
  EXPECT_EQ(end_of(session_in(kAlmostOld), kPolicy), kNow + microseconds{1});
}

TEST(RefreshToken, reads_back_and_refuses_everything_else) {
  const RefreshToken token{SessionId{7}, "family", "secret"};
  EXPECT_EQ(token.text(), "7.family.secret");
  const auto read = RefreshToken::parse(token.text());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->session, token.session);
  EXPECT_EQ(read->family, "family");
  EXPECT_EQ(read->secret, "secret");
  for (const char* bad : {"", ".", "..", "7", "7.f", "7..s", "7.f.", "7.f.s.x", "x.f.s", "-7.f.s",
                          "0.f.s", " 7.f.s", "99999999999999999999.f.s"}) {
    EXPECT_FALSE(RefreshToken::parse(bad)) << bad;
  }
  EXPECT_FALSE(RefreshToken::parse("7." + std::string(65, 'f') + ".s"));
  EXPECT_FALSE(RefreshToken::parse("7.f." + std::string(65, 's')));
}

}  // namespace
}  // namespace baedal::accounts
