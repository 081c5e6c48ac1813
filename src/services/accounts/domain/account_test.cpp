// Names, roles, passwords, and what managing an account does to it.
#include "services/accounts/domain/account.hpp"

#include <gtest/gtest.h>

namespace baedal::accounts {
namespace {

constexpr Timestamp kThen{1'000};
constexpr Timestamp kNow{2'000};

TEST(AccountName, is_made_small_and_kept_otherwise) {
  EXPECT_EQ(AccountName::parse("Kim").value().text(), "kim");
  for (const char* good : {"k", "0", "kim.min-su_1@shop.example+x"}) {
    EXPECT_EQ(AccountName::parse(good).value().text(), good);
  }
  EXPECT_TRUE(AccountName::parse(std::string(64, 'k')));
}

TEST(AccountName, is_nothing_that_could_be_taken_for_something_else) {
  for (const char* bad :
       {"", ".kim", "-kim", "@kim", "kim lee", "kim\n", "k\xC3\xAFm", "kim/../x", "kim,lee"}) {
    const auto name = AccountName::parse(bad);
    ASSERT_FALSE(name) << bad;
    EXPECT_EQ(name.error().kind, ErrorKind::kInvalid);
  }
  EXPECT_FALSE(AccountName::parse(std::string(65, 'k')));
  EXPECT_TRUE(AccountName{}.is_nobody());
  EXPECT_FALSE(AccountName::parse("kim").value().is_nobody());
}

TEST(AccountRoles, are_words_of_people_in_one_order) {
  const auto roles = AccountRoles::parse({"operator", "customer", "operator"});
  ASSERT_TRUE(roles);
  EXPECT_EQ(roles->words(), (std::vector<std::string_view>{"customer", "operator"}));
  for (const AccountRole role : kAccountRoles) {
    EXPECT_EQ(parse_account_role(to_word(role)), role);
    AccountRoles one;
    EXPECT_FALSE(one.has(role));
    one.add(role);
    EXPECT_TRUE(one.has(role));
    EXPECT_EQ(one.words(), std::vector{to_word(role)});
  }
  for (const char* bad : {"", "service", "Customer", "customer ", "king"}) {
    EXPECT_EQ(AccountRoles::parse({"customer", bad}).error().code, "bad-role") << bad;
  }
  EXPECT_TRUE(AccountRoles::parse({}).value().words().empty());
}

TEST(AccountState, each_has_a_word) {
  for (const AccountState state : {AccountState::kActive, AccountState::kRemoved}) {
    EXPECT_EQ(parse_account_state(to_word(state)), state);
  }
  EXPECT_FALSE(parse_account_state("gone"));
}

TEST(Password, is_long_enough_and_not_too_long) {
  for (const auto& [text, good] :
       {std::pair<std::string, bool>{"", false},
        {"123456789", false},
        {"1234567890", true},
        {"\xEB\xB0\xB0\xEB\x8B\xAC\xEB\xB0\xB0\xEB\x8B\xAC", false},  // four characters
        {std::string(256, 'x'), true},
        {std::string(257, 'x'), false},
        {"1234567890\xFF", false}}) {
    EXPECT_EQ(Password{text}.check_as_new().has_value(), good) << text;
  }
}

TEST(Password, leaves_where_it_was_moved_from) {
  Password first{"short"};
  const Password second{std::move(first)};
  EXPECT_EQ(first.expose(), "");  // NOLINT(bugprone-use-after-move): what is tested
  EXPECT_EQ(second.expose(), "short");
}

Account locked_account() {
  return {.id = AccountId{3},
          .name = AccountName::parse("kim").value(),
          .password = PasswordHash{"old"},
          .lockout = {.failures = 12, .locked_until = kNow, .tried_at = kThen},
          .epoch = 4,
          .created_at = kThen,
          .updated_at = kThen};
}

TEST(Account, a_new_password_ends_logins_and_locks) {
  const Account account = with_password(locked_account(), PasswordHash{"new"}, kNow);
  EXPECT_EQ(account.password, PasswordHash{"new"});
  EXPECT_EQ(account.lockout, Lockout{});
  EXPECT_EQ(account.epoch, 5);
  EXPECT_EQ(account.created_at, kThen);
  EXPECT_EQ(account.updated_at, kNow);
}

TEST(Account, new_roles_end_nothing) {
  AccountRoles roles;
  roles.add(AccountRole::kCourier);
  const Account account = with_roles(locked_account(), roles, kNow);
  EXPECT_EQ(account.roles, roles);
  EXPECT_EQ(account.epoch, 4);
  EXPECT_EQ(account.lockout, locked_account().lockout);
  EXPECT_EQ(account.updated_at, kNow);
}

TEST(Account, removed_it_keeps_its_name_and_nothing_that_lets_in) {
  const Account account = removed(locked_account(), kNow);
  EXPECT_EQ(account.name.text(), "kim");
  EXPECT_EQ(account.state, AccountState::kRemoved);
  EXPECT_EQ(account.password, PasswordHash{});
  EXPECT_EQ(account.epoch, 5);
}

}  // namespace
}  // namespace baedal::accounts
