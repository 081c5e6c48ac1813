#pragma once

#include "platform/store/store.hpp"
#include "services/accounts/app/ports.hpp"

namespace baedal::accounts {

/// AccountStore over any product behind store::Store.
class StoredAccounts final : public AccountStore {
 public:
  /// `store` outlives it.
  explicit StoredAccounts(store::Store& store) : store_(store) {}

  Task<Result<void>> commit(FunctionRef<Result<void>(AccountTx&)> body) override;
  Task<Result<std::optional<Account>>> find_by_name(const AccountName& name) override;
  Task<Result<std::vector<Account>>> list(std::int64_t page, std::int64_t size) override;
  Task<Result<std::vector<Session>>> sessions_of(AccountId account) override;

 private:
  store::Store& store_;
};

}  // namespace baedal::accounts
