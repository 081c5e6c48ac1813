#pragma once

#include <optional>
#include <string_view>

#include "kernel/clock.hpp"
#include "services/accounts/app/login.hpp"
#include "services/accounts/app/ports.hpp"

namespace baedal::accounts {

struct Refreshed {
  RefreshVerdict verdict = RefreshVerdict::kEnded;  ///< of a token that is none, too
  std::optional<Granted> granted{};                 ///< when kRotated
};

/// A refresh token is used once and gives the next one, with an access token that says what roles
/// there are now. One that comes again ends the login for everybody who has a token of it.
class Refresh {
 public:
  Refresh(const Login::Tools& tools, const SessionPolicy& policy)
      : tools_(tools), policy_(policy) {}
  Task<Result<Refreshed>> run(std::string_view token);

 private:
  struct Sight;
  Result<void> judge(AccountTx& tx, const Sight& sight, Refreshed& outcome) const;

  const Login::Tools tools_;
  const SessionPolicy policy_;
};

/// Ends the login that a refresh token is of, used or not, and gives whose it was; of a token that
/// is none: nothing.
class Logout {
 public:
  explicit Logout(const Login::Tools& tools) : tools_(tools) {}
  Task<Result<std::optional<Account>>> run(std::string_view token);

 private:
  const Login::Tools tools_;
};

}  // namespace baedal::accounts
