#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kernel/clock.hpp"
#include "services/accounts/app/ports.hpp"

namespace baedal::accounts {

struct LoginCommand {
  std::string name;  ///< as typed
  Password password;
  bool go_on = true;  ///< with a session that can be refreshed; else one access token and no more
};

struct LoginPolicy {
  LockoutPolicy lockout;
  SessionPolicy session;
  std::size_t sessions_max = 20;  ///< of one account; the oldest go
};

/// What lets somebody in.
struct Granted {
  Account account;
  std::string access_token;
  std::string login{};  ///< public_name() of the session; empty without one
  std::optional<RefreshToken> refresh{};
  Timestamp ends_at{};  ///< the session
};

/// Name and password. Every refusal is the same and takes the same steps — the same look-up, the
/// same hashing, one commit — whether the name is unknown, the password wrong or the account
/// locked: what is tried at names that do not exist is counted at nobody's account. Attempts side
/// by side are judged one after the other, inside the commit, so that no more of them than the
/// lock-out allows ever learn whether they were right.
class Login {
 public:
  /// Borrows everything.
  struct Tools {
    AccountStore& store;
    PasswordHasher& hasher;
    SecretSource& secrets;
    AccessTokens& tokens;
    Witness& witness;
    const Clock& clock;
  };
  Login(const Tools& tools, const LoginPolicy& policy) : tools_(tools), policy_(policy) {}

  /// Makes nobody's account, or renews it. Once, before run().
  Task<Result<void>> prepare();
  /// nullopt: refused. kOverloaded when too many passwords are being looked at; then nothing is
  /// counted.
  Task<Result<std::optional<Granted>>> run(const LoginCommand& command);

 private:
  struct Attempt;

  Task<Result<Account>> find(const std::string& typed);
  Task<Result<Attempt>> look_at(const LoginCommand& command);
  Result<LoginVerdict> judge(AccountTx& tx, const Attempt& attempt, Granted& granted) const;
  Result<void> open_session(AccountTx& tx, const Attempt& attempt, Granted& granted) const;
  [[nodiscard]] std::vector<SessionId> ones_to_go(const std::vector<Session>& sessions,
                                                  const Account& account) const;

  const Tools tools_;
  const LoginPolicy policy_;
};

}  // namespace baedal::accounts
