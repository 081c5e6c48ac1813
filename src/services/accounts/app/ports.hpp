#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/async/task.hpp"
#include "kernel/error.hpp"
#include "kernel/function_ref.hpp"
#include "services/accounts/domain/account.hpp"
#include "services/accounts/domain/session.hpp"

namespace baedal::accounts {

/// What a body of a commit sees: see store::Tx for the rules.
class AccountTx {
 public:
  virtual ~AccountTx() = default;
  virtual Result<AccountId> next_account_id() = 0;
  virtual Result<std::optional<Account>> find(AccountId id) = 0;
  virtual Result<std::optional<Account>> find_by_name(const AccountName& name) = 0;
  virtual Result<void> insert(const Account& account) = 0;
  virtual Result<void> update(const Account& account) = 0;
  virtual Result<SessionId> next_session_id() = 0;
  virtual Result<std::optional<Session>> find_session(SessionId id) = 0;
  virtual Result<void> insert_session(const Session& session) = 0;
  virtual Result<void> update_session(const Session& session) = 0;
  /// Of one that is not there: nothing.
  virtual Result<void> erase_session(SessionId id) = 0;
};

/// The accounts and their sessions. commit() as store::Store::commit_once, without a key: what is
/// done here twice is done right or not at all.
class AccountStore {
 public:
  virtual ~AccountStore() = default;
  virtual Task<Result<void>> commit(FunctionRef<Result<void>(AccountTx&)> body) = 0;
  virtual Task<Result<std::optional<Account>>> find_by_name(const AccountName& name) = 0;
  /// In the order of their making; nobody's row is among them.
  virtual Task<Result<std::vector<Account>>> list(std::int64_t page, std::int64_t size) = 0;
  /// Of one account, the oldest first; 1000 at most.
  virtual Task<Result<std::vector<Session>>> sessions_of(AccountId account) = 0;
};

/// Argon2id, on threads of its own: a bounded number at a time, more are kOverloaded at once.
class PasswordHasher {
 public:
  virtual ~PasswordHasher() = default;
  virtual Task<Result<PasswordHash>> hash(const Password& password) = 0;
  virtual Task<Result<bool>> matches(const Password& password, const PasswordHash& hash) = 0;
  /// Whether it was made with other parameters than are wanted now.
  [[nodiscard]] virtual bool is_outdated(const PasswordHash& hash) const = 0;
};

/// Secrets of refresh tokens. Any thread.
class SecretSource {
 public:
  virtual ~SecretSource() = default;
  /// 256 random bits as text.
  [[nodiscard]] virtual std::string draw() = 0;
  [[nodiscard]] virtual Digest digest_of(std::string_view secret) const = 0;
};

/// Makes access tokens. Any thread.
class AccessTokens {
 public:
  virtual ~AccessTokens() = default;
  /// `login`: public_name() of the session it belongs to, or empty.
  [[nodiscard]] virtual std::string issue(const Account& account, std::string_view login) const = 0;
};

/// Hears what came of attempts: for metrics and for operators. Any thread.
class Witness {
 public:
  virtual ~Witness() = default;
  virtual void login_ended(const Account& account, LoginVerdict verdict) = 0;
  virtual void refresh_ended(const Account& account, RefreshVerdict verdict) = 0;
};

/// How often one client may try. Any thread.
class LoginGate {
 public:
  virtual ~LoginGate() = default;
  /// How long `client` has to wait; 0: it may try now, and that counts.
  virtual std::chrono::seconds try_enter(std::string_view client) = 0;
};

}  // namespace baedal::accounts
