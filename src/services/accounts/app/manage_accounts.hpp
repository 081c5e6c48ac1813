#pragma once

#include <vector>

#include "kernel/clock.hpp"
#include "services/accounts/app/ports.hpp"

namespace baedal::accounts {

/// What whoever keeps the installation does with accounts. Unknown names are kNotFound
/// ("no-account"), removed ones kConflict ("account-removed").
class ManageAccounts {
 public:
  ManageAccounts(AccountStore& store, PasswordHasher& hasher, const Clock& clock)
      : store_(store), hasher_(hasher), clock_(clock) {}

  /// kConflict ("name-taken") also when the name was that of a removed one; kInvalid for a password
  /// that will not do.
  Task<Result<Account>> add(const AccountName& name, AccountRoles roles, const Password& password);
  Task<Result<Account>> set_password(const AccountName& name, const Password& password);
  Task<Result<Account>> set_roles(const AccountName& name, AccountRoles roles);
  Task<Result<Account>> remove(const AccountName& name);
  /// All of them, removed ones too.
  Task<Result<std::vector<Account>>> list();

 private:
  using Change = FunctionRef<Account(const Account&, Timestamp)>;
  Task<Result<PasswordHash>> hash_new(const Password& password);
  Task<Result<Account>> change(const AccountName& name, Change change);

  AccountStore& store_;
  PasswordHasher& hasher_;
  const Clock& clock_;
};

}  // namespace baedal::accounts
