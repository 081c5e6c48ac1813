#include "services/accounts/domain/account.hpp"

#include <algorithm>

namespace baedal::accounts {
namespace {

constexpr std::size_t kNameBytesMax = 64;
constexpr std::string_view kLettersAndDigits = "abcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::string_view kOthers = "._@+-";

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_one_of(std::string_view characters, char c) {
  return characters.find(c) != std::string_view::npos;
}

}  // namespace

Result<AccountName> AccountName::parse(std::string_view text) {
  AccountName name;
  std::ranges::transform(text.substr(0, kNameBytesMax), std::back_inserter(name.text_), lower);
  const bool good = !text.empty() && text.size() <= kNameBytesMax &&
                    is_one_of(kLettersAndDigits, name.text_.front()) &&
                    std::ranges::all_of(name.text_, [](char c) {
                      return is_one_of(kLettersAndDigits, c) || is_one_of(kOthers, c);
                    });
  if (good) return name;
  return fail(
      ErrorKind::kInvalid, "bad-name",
      "A name has 1 to 64 of the characters a-z 0-9 . _ @ + - and begins with a letter or a "
      "digit.");
}

std::string_view to_word(AccountRole role) {
  switch (role) {
    case AccountRole::kCourier:
      return "courier";
    case AccountRole::kCustomer:
      return "customer";
    case AccountRole::kMerchant:
      return "merchant";
    case AccountRole::kOperator:
      return "operator";
  }
  return {};
}

std::optional<AccountRole> parse_account_role(std::string_view word) {
  for (const AccountRole role : kAccountRoles) {
    if (to_word(role) == word) return role;
  }
  return std::nullopt;
}

Result<AccountRoles> AccountRoles::parse(const std::vector<std::string>& words) {
  AccountRoles roles;
  for (const std::string& word : words) {
    const auto role = parse_account_role(word);
    if (!role) return fail(ErrorKind::kInvalid, "bad-role", "There is no role \"" + word + "\".");
    roles.add(*role);
  }
  return roles;
}

std::vector<std::string_view> AccountRoles::words() const {
  std::vector<std::string_view> words;
  for (const AccountRole role : kAccountRoles) {
    if (has(role)) words.push_back(to_word(role));
  }
  return words;
}

std::string_view to_word(AccountState state) {
  switch (state) {
    case AccountState::kActive:
      return "active";
    case AccountState::kRemoved:
      return "removed";
  }
  return {};
}

std::optional<AccountState> parse_account_state(std::string_view word) {
  for (const AccountState state : {AccountState::kActive, AccountState::kRemoved}) {
    if (to_word(state) == word) return state;
  }
  return std::nullopt;
}

Account with_password(const Account& present, PasswordHash password, Timestamp now) {
  Account account = present;
  account.password = std::move(password);
  account.lockout = {};
  ++account.epoch;
  account.updated_at = now;
  return account;
}

Account with_roles(const Account& present, AccountRoles roles, Timestamp now) {
  Account account = present;
  account.roles = roles;
  account.updated_at = now;
  return account;
}

Account removed(const Account& present, Timestamp now) {
  Account account = present;
  account.state = AccountState::kRemoved;
  account.password = {};
  ++account.epoch;
  account.updated_at = now;
  return account;
}

}  // namespace baedal::accounts
