#include "services/accounts/outbound/account_store.hpp"

#include "services/accounts/outbound/account_rows.hpp"
#include "services/accounts/outbound/account_tables.hpp"

namespace baedal::accounts {
namespace {

constexpr std::int64_t kSessionsMax = 1000;

/// The transaction in the terms of accounts.
class StoredAccountTx final : public AccountTx {
 public:
  explicit StoredAccountTx(store::Tx& tx) : tx_(tx) {}

  Result<AccountId> next_account_id() override {
    auto id = tx_.next_id(kAccounts);
    if (!id) return pass_on(id);
    return AccountId{*id};
  }
  Result<std::optional<Account>> find(AccountId id) override {
    auto row = tx_.find(kAccounts, id.value());
    if (!row) return pass_on(row);
    return row->transform(to_account);
  }
  Result<std::optional<Account>> find_by_name(const AccountName& name) override {
    auto row = tx_.find_by(kAccounts, kAccountName, name.text());
    if (!row) return pass_on(row);
    return row->transform(to_account);
  }
  Result<void> insert(const Account& account) override {
    return tx_.insert(kAccounts, to_row(account));
  }
  Result<void> update(const Account& account) override {
    return tx_.update(kAccounts, to_row(account));
  }
  Result<SessionId> next_session_id() override {
    auto id = tx_.next_id(kSessions);
    if (!id) return pass_on(id);
    return SessionId{*id};
  }
  Result<std::optional<Session>> find_session(SessionId id) override {
    auto row = tx_.find(kSessions, id.value());
    if (!row) return pass_on(row);
    return row->transform(to_session);
  }
  Result<void> insert_session(const Session& session) override {
    return tx_.insert(kSessions, to_row(session));
  }
  Result<void> update_session(const Session& session) override {
    return tx_.update(kSessions, to_row(session));
  }
  Result<void> erase_session(SessionId id) override {
    auto erased = tx_.erase(kSessions, id.value());
    if (!erased) return pass_on(erased);
    return {};
  }

 private:
  store::Tx& tx_;
};

}  // namespace

Task<Result<void>> StoredAccounts::commit(FunctionRef<Result<void>(AccountTx&)> body) {
  auto run = [&](store::Tx& tx) -> Result<std::string> {
    StoredAccountTx account_tx(tx);
    auto done = body(account_tx);
    if (!done) return pass_on(done);
    return std::string{};
  };
  const OnceKey no_key = OnceKey::none();
  auto outcome = co_await store_.commit_once(no_key, run);
  if (!outcome) co_return pass_on(outcome);
  co_return Result<void>{};
}

Task<Result<std::optional<Account>>> StoredAccounts::find_by_name(const AccountName& name) {
  const store::Value value{name.text()};
  auto row = co_await store_.find_by(kAccounts, kAccountName, value);
  if (!row) co_return pass_on(row);
  co_return row->transform(to_account);
}

Task<Result<std::vector<Account>>> StoredAccounts::list(std::int64_t page, std::int64_t size) {
  const store::PageRequest request{.page = page, .size = size};
  auto found = co_await store_.page(kAccounts, request);
  if (!found) co_return pass_on(found);
  std::vector<Account> accounts;
  for (const store::Row& row : found->rows) {
    Account account = to_account(row);
    if (!account.name.is_nobody()) accounts.push_back(std::move(account));
  }
  co_return accounts;
}

Task<Result<std::vector<Session>>> StoredAccounts::sessions_of(AccountId account) {
  const store::Value value{account.value()};
  const store::PageRequest request{.page = 0, .size = kSessionsMax};
  auto slice = co_await store_.page_by(kSessions, kSessionAccountId, value, request);
  if (!slice) co_return pass_on(slice);
  std::vector<Session> sessions;
  for (const store::Row& row : slice->rows) sessions.push_back(to_session(row));
  co_return sessions;
}

}  // namespace baedal::accounts
