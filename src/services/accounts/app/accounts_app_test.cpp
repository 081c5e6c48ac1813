// The use cases over a store: who gets in, what a refusal costs and tells, what ends a login, and
// that a fault at any call lets nobody in who should not be.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/accounts/app/accounts_test_support.hpp"

namespace baedal::accounts {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(Login, lets_in_whose_password_is_right_by_any_spelling_of_the_name) {
  AccountsUnderTest under;
  const auto granted = under.log_in("KIM", kRight);
  ASSERT_TRUE(granted && *granted);
  EXPECT_EQ((*granted)->access_token, "kim|customer|" + (*granted)->login);
  EXPECT_TRUE((*granted)->refresh);
  EXPECT_THAT(under.sessions("kim"), SizeIs(1));
  EXPECT_EQ((*granted)->ends_at, under.clock.now() + hours{7 * 24});
}

TEST(Login, for_one_token_alone_leaves_no_session) {
  AccountsUnderTest under;
  const auto granted = under.log_in("kim", kRight, false);
  ASSERT_TRUE(granted && *granted);
  EXPECT_EQ((*granted)->access_token, "kim|customer|");
  EXPECT_FALSE((*granted)->refresh);
  EXPECT_THAT(under.sessions("kim"), IsEmpty());
}

TEST(Login, keeps_nothing_of_a_secret_but_its_digest) {
  AccountsUnderTest under;
  const auto token = RefreshToken::parse(under.logged_in()).value();
  const Session session = under.sessions("kim").at(0);
  EXPECT_EQ(session.family, under.secrets.digest_of(token.family));
  EXPECT_EQ(session.current, under.secrets.digest_of(token.secret));
}

TEST(Login, refuses_an_unknown_name_a_wrong_password_and_a_removed_account_alike) {
  AccountsUnderTest under;
  under.add("lee", {"customer"}).value();
  const AccountName lee = AccountsUnderTest::name_of("lee");
  under.executor.run(under.manage.remove(lee)).value();
  for (const char* name : {"kim", "nobody-at-all", "lee", "no name!", ""}) {
    SCOPED_TRACE(name);
    const int looked_at = under.hasher.looked_at;
    const auto commits = under.memory.stats().bodies;
    const auto refused = under.log_in(name, "wrong password");
    ASSERT_TRUE(refused);
    EXPECT_FALSE(*refused);
    EXPECT_EQ(under.hasher.looked_at, looked_at + 1);
    EXPECT_EQ(under.memory.stats().bodies, commits + 1);
  }
  EXPECT_EQ(under.account("").lockout.failures, 3) << "strangers' names are counted at nobody's";
}

TEST(Login, nobody_gets_in_as_nobody) {
  AccountsUnderTest under;
  const std::string hash = under.account("").password.expose();
  const auto granted = under.log_in("unknown", hash.substr(hash.find('$') + 1));
  ASSERT_TRUE(granted);
  EXPECT_FALSE(*granted);
}

TEST(Login, locks_after_so_many_failures_and_then_refuses_the_right_password_alike) {
  AccountsUnderTest under;
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(*under.log_in("kim", "wrong password"));
  const auto commits = under.memory.stats().bodies;
  const int looked_at = under.hasher.looked_at;
  EXPECT_FALSE(*under.log_in("kim", kRight));
  EXPECT_EQ(under.memory.stats().bodies, commits + 1);
  EXPECT_EQ(under.hasher.looked_at, looked_at + 1);
  EXPECT_EQ(under.noted.logins.back(), (std::pair{std::string{"kim"}, LoginVerdict::kLocked}));
  under.clock.advance(minutes{1});
  EXPECT_TRUE(*under.log_in("kim", kRight));
  EXPECT_EQ(under.account("kim").lockout.failures, 0);
}

TEST(Login, guesses_side_by_side_are_judged_one_after_the_other) {
  AccountsUnderTest under;
  std::vector<LoginCommand> commands;
  for (int i = 0; i < 10; ++i) commands.emplace_back("kim", Password{"wrong " + std::to_string(i)});
  commands.emplace_back("kim", Password{kRight});
  int granted = 0;
  int answered = 0;
  auto attempt = [&](const LoginCommand& command) -> Task<void> {
    auto trying = under.login.run(command);
    const auto outcome = co_await trying;
    granted += outcome.value().has_value() ? 1 : 0;
    ++answered;
  };
  for (const LoginCommand& command : commands) {
    under.executor.post([&attempt, &command] { spawn(attempt(command)); });
  }
  under.executor.run_ready();
  EXPECT_EQ(answered, 11);
  EXPECT_EQ(granted, 0) << "the right one came behind ten wrong ones";
  EXPECT_EQ(under.account("kim").lockout.failures, 3);
}

TEST(Login, a_password_that_was_changed_meanwhile_lets_nobody_in) {
  AccountsUnderTest under;
  const LoginCommand command{"kim", Password{kRight}};
  std::optional<bool> granted;
  auto attempt = [&]() -> Task<void> {
    auto trying = under.login.run(command);
    granted = (co_await trying).value().has_value();
  };
  const AccountName kim = AccountsUnderTest::name_of("kim");
  const Password other{"another password"};
  auto change = [&]() -> Task<void> {
    auto changing = under.manage.set_password(kim, other);
    (co_await changing).value();
  };
  under.executor.post([&] { spawn(attempt()); });
  under.executor.post([&] { spawn(change()); });
  under.executor.run_ready();
  EXPECT_EQ(granted, false);
}

TEST(Login, when_too_many_wait_nothing_is_counted) {
  AccountsUnderTest under;
  under.hasher.full = true;
  const auto refused = under.log_in("kim", "wrong password");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kOverloaded);
  EXPECT_EQ(under.account("kim").lockout, Lockout{});
}

TEST(Login, hashes_anew_what_was_hashed_for_less) {
  AccountsUnderTest under;
  under.hasher.cost = "v2";
  EXPECT_FALSE(*under.log_in("kim", "wrong password"));
  EXPECT_TRUE(under.account("kim").password.expose().starts_with("v1$"));
  EXPECT_TRUE(*under.log_in("kim", kRight));
  EXPECT_TRUE(under.account("kim").password.expose().starts_with("v2$"));
  EXPECT_TRUE(*under.log_in("kim", kRight));
  under.executor.run(under.login.prepare()).value();
  EXPECT_TRUE(under.account("").password.expose().starts_with("v2$"));
}

TEST(Login, the_oldest_login_gives_way_and_those_that_are_over_go) {
  AccountsUnderTest under;
  const std::string first = under.logged_in();
  under.clock.advance(hours{1});
  const std::string second = under.logged_in();
  const std::string third = under.logged_in();
  EXPECT_THAT(under.sessions("kim"), SizeIs(2));
  EXPECT_EQ(under.refresh_with(first).verdict, RefreshVerdict::kEnded);
  EXPECT_EQ(under.refresh_with(second).verdict, RefreshVerdict::kRotated);
  under.clock.advance(hours{8 * 24});
  under.logged_in();
  EXPECT_THAT(under.sessions("kim"), SizeIs(1));
  EXPECT_EQ(under.refresh_with(third).verdict, RefreshVerdict::kEnded);
}

TEST(Refresh, gives_the_next_token_and_the_roles_of_now) {
  AccountsUnderTest under;
  const std::string first = under.logged_in();
  const AccountName kim = AccountsUnderTest::name_of("kim");
  const AccountRoles roles = AccountRoles::parse({"courier"}).value();
  under.executor.run(under.manage.set_roles(kim, roles)).value();
  const Refreshed refreshed = under.refresh_with(first);
  ASSERT_TRUE(refreshed.granted);
  EXPECT_EQ(refreshed.granted->access_token, "kim|courier|" + refreshed.granted->login);
  EXPECT_NE(refreshed.granted->refresh->text(), first);
  EXPECT_TRUE(under.refresh_with(refreshed.granted->refresh->text()).granted);
}

TEST(Refresh, a_token_that_comes_again_ends_the_login_for_its_owner_too) {
  AccountsUnderTest under;
  const std::string stolen = under.logged_in();
  const std::string next = under.refresh_with(stolen).granted->refresh->text();
  under.clock.advance(seconds{11});
  const Refreshed again = under.refresh_with(stolen);
  EXPECT_EQ(again.verdict, RefreshVerdict::kReused);
  EXPECT_FALSE(again.granted);
  EXPECT_EQ(under.refresh_with(next).verdict, RefreshVerdict::kEnded);
  EXPECT_THAT(under.sessions("kim"), IsEmpty());
  EXPECT_EQ(under.noted.refreshes.back().second, RefreshVerdict::kReused);
}

TEST(Refresh, two_pages_at_once_end_nothing_and_one_gets_it) {
  AccountsUnderTest under;
  const std::string token = under.logged_in();
  const std::string next = under.refresh_with(token).granted->refresh->text();
  const Refreshed second = under.refresh_with(token);
  EXPECT_EQ(second.verdict, RefreshVerdict::kRaced);
  EXPECT_FALSE(second.granted) << "whoever repeats a token gets nothing for it";
  EXPECT_TRUE(under.refresh_with(next).granted);
}

TEST(Refresh, what_was_never_given_out_ends_nothing) {
  AccountsUnderTest under;
  const std::string token = under.logged_in();
  const std::string number = token.substr(0, token.find('.'));
  for (const std::string& forged : {std::string{}, std::string{"x"}, number + ".guessed.secret",
                                    number + ".guessed.guessed", std::string{"999.a.b"}}) {
    EXPECT_EQ(under.refresh_with(forged).verdict, RefreshVerdict::kEnded) << forged;
  }
  EXPECT_TRUE(under.refresh_with(token).granted);
}

TEST(Refresh, ends_with_the_password_and_with_the_account) {
  const AccountName kim = AccountsUnderTest::name_of("kim");
  for (const bool remove : {false, true}) {
    AccountsUnderTest under;
    const std::string token = under.logged_in();
    const Password other{"another password"};
    auto ended = remove ? under.executor.run(under.manage.remove(kim))
                        : under.executor.run(under.manage.set_password(kim, other));
    ASSERT_TRUE(ended);
    EXPECT_EQ(under.refresh_with(token).verdict, RefreshVerdict::kEnded);
    EXPECT_THAT(under.sessions("kim"), IsEmpty());
  }
}

TEST(Logout, ends_the_login_by_any_of_its_tokens_and_no_other) {
  AccountsUnderTest under;
  const std::string first = under.logged_in();
  const std::string other = under.logged_in();
  const std::string next = under.refresh_with(first).granted->refresh->text();
  const std::string none = "x";
  EXPECT_FALSE(under.executor.run(under.logout.run(none)).value());
  const auto whose = under.executor.run(under.logout.run(first)).value();
  ASSERT_TRUE(whose);
  EXPECT_EQ(whose->name.text(), "kim");
  EXPECT_FALSE(under.executor.run(under.logout.run(first)).value()) << "it is ended already";
  EXPECT_EQ(under.refresh_with(next).verdict, RefreshVerdict::kEnded);
  EXPECT_TRUE(under.refresh_with(other).granted);
}

TEST(ManageAccounts, a_name_is_given_once_and_for_ever) {
  AccountsUnderTest under;
  EXPECT_EQ(under.add("kim", {}).error().code, "name-taken");
  const AccountName kim = AccountsUnderTest::name_of("kim");
  EXPECT_TRUE(under.executor.run(under.manage.remove(kim)));
  EXPECT_EQ(under.add("kim", {}).error().code, "name-taken");
  EXPECT_EQ(under.executor.run(under.manage.remove(kim)).error().code, "account-removed");
  const AccountName lee = AccountsUnderTest::name_of("lee");
  EXPECT_EQ(under.executor.run(under.manage.remove(lee)).error().code, "no-account");
}

TEST(ManageAccounts, takes_no_password_that_will_not_do_and_hashes_none) {
  AccountsUnderTest under;
  const int hashed = under.hasher.hashed;
  EXPECT_EQ(under.add("lee", {}, "short").error().code, "bad-password");
  EXPECT_EQ(under.hasher.hashed, hashed);
}

TEST(ManageAccounts, lists_everybody_but_nobody) {
  AccountsUnderTest under;
  under.add("lee", {}).value();
  const auto all = under.executor.run(under.manage.list()).value();
  std::vector<std::string> names;
  for (const Account& account : all) names.push_back(account.name.text());
  EXPECT_THAT(names, ElementsAre("kim", "lee"));
}

TEST(ManageAccounts, a_new_password_opens_a_lock) {
  AccountsUnderTest under;
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(*under.log_in("kim", "wrong password"));
  const AccountName kim = AccountsUnderTest::name_of("kim");
  const Password other{"another password"};
  EXPECT_TRUE(under.executor.run(under.manage.set_password(kim, other)));
  EXPECT_TRUE(*under.log_in("kim", "another password"));
}

// Faults: whichever store call fails, a wrong password never gets in, a used token is never good
// again, and who repeats the right thing gets in.
class AccountFaults : public ::testing::TestWithParam<store::FaultMode> {};

TEST_P(AccountFaults, at_any_call_of_a_login_let_nobody_else_in) {
  for (std::int64_t n = 1;; ++n) {
    SCOPED_TRACE(n);
    AccountsUnderTest under;
    under.faulty.fail_call(n, GetParam());
    const auto wrong = under.log_in("kim", "wrong password");
    EXPECT_FALSE(wrong && *wrong);
    const bool fired = under.faulty.fired();
    under.faulty.fail_call(0, GetParam());
    EXPECT_TRUE(under.log_in("kim", kRight).value());
    if (!fired) break;
  }
}

TEST_P(AccountFaults, at_any_call_of_a_refresh_make_no_used_token_good) {
  for (std::int64_t n = 1;; ++n) {
    SCOPED_TRACE(n);
    AccountsUnderTest under;
    const std::string token = under.logged_in();
    under.faulty.fail_call(n, GetParam());
    const auto first = under.executor.run(under.refresh.run(token));
    const bool fired = under.faulty.fired();
    under.faulty.fail_call(0, GetParam());
    EXPECT_EQ(first.has_value(), !fired);
    under.clock.advance(seconds{11});
    const RefreshVerdict again = under.refresh_with(token).verdict;
    const bool lost = fired && again == RefreshVerdict::kReused;
    EXPECT_TRUE(again == (fired ? RefreshVerdict::kRotated : RefreshVerdict::kReused) || lost);
    if (!fired) break;
  }
}

INSTANTIATE_TEST_SUITE_P(Modes, AccountFaults,
                         ::testing::Values(store::FaultMode::kRefused,
                                           store::FaultMode::kAnswerLost),
                         [](const auto& mode) { return store::to_word(mode.param); });

}  // namespace
}  // namespace baedal::accounts
