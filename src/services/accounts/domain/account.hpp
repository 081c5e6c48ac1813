#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/error.hpp"
#include "kernel/strong_id.hpp"
#include "kernel/timestamp.hpp"
#include "services/accounts/domain/lockout.hpp"
#include "services/accounts/domain/password.hpp"

namespace baedal::accounts {

using AccountId = StrongId<struct AccountIdTag>;

/// What somebody is called, in tokens too: 1 to 64 of a-z 0-9 . _ @ + -, beginning with a letter or
/// a digit. Capitals are made small.
class AccountName {
 public:
  /// Nobody's: cannot be typed.
  AccountName() = default;
  /// kInvalid when it is none.
  [[nodiscard]] static Result<AccountName> parse(std::string_view text);

  [[nodiscard]] bool is_nobody() const { return text_.empty(); }
  [[nodiscard]] const std::string& text() const { return text_; }
  friend bool operator==(const AccountName&, const AccountName&) = default;

 private:
  std::string text_;
};

/// Those of people; services have no accounts.
enum class AccountRole { kCourier, kCustomer, kMerchant, kOperator };
inline constexpr std::array kAccountRoles{AccountRole::kCourier, AccountRole::kCustomer,
                                          AccountRole::kMerchant, AccountRole::kOperator};

[[nodiscard]] std::string_view to_word(AccountRole role);
[[nodiscard]] std::optional<AccountRole> parse_account_role(std::string_view word);

/// A set of roles.
class AccountRoles {
 public:
  AccountRoles() = default;
  /// Of words; kInvalid names the one that is none.
  [[nodiscard]] static Result<AccountRoles> parse(const std::vector<std::string>& words);

  void add(AccountRole role) { bits_ |= bit(role); }
  [[nodiscard]] bool has(AccountRole role) const { return (bits_ & bit(role)) != 0; }
  /// In the order of kAccountRoles.
  [[nodiscard]] std::vector<std::string_view> words() const;
  friend bool operator==(AccountRoles, AccountRoles) = default;

 private:
  static constexpr unsigned bit(AccountRole role) { return 1U << static_cast<unsigned>(role); }
  unsigned bits_ = 0;
};

/// Removed is final: the name stays taken, since what is kept under it elsewhere (orders) must
/// never become somebody else's.
enum class AccountState { kActive, kRemoved };

[[nodiscard]] std::string_view to_word(AccountState state);  ///< active, removed
[[nodiscard]] std::optional<AccountState> parse_account_state(std::string_view word);

struct Account {
  AccountId id{};
  AccountName name{};
  PasswordHash password{};
  AccountRoles roles{};
  AccountState state = AccountState::kActive;
  Lockout lockout{};
  std::int64_t epoch = 1;  ///< logins of an earlier one are over
  Timestamp created_at{};
  Timestamp updated_at{};  ///< by whoever manages accounts, not by attempts
};

/// A new password ends all logins, and a lock too.
[[nodiscard]] Account with_password(const Account& present, PasswordHash password, Timestamp now);
/// Who is logged in has them as soon as their access token is renewed.
[[nodiscard]] Account with_roles(const Account& present, AccountRoles roles, Timestamp now);
[[nodiscard]] Account removed(const Account& present, Timestamp now);

}  // namespace baedal::accounts
