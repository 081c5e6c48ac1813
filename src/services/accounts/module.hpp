#pragma once

#include <memory>
#include <vector>

#include "kernel/clock.hpp"
#include "platform/auth/csrf.hpp"
#include "platform/auth/own_issuer.hpp"
#include "platform/http/router.hpp"
#include "platform/service/module.hpp"
#include "services/accounts/app/manage_accounts.hpp"
#include "services/accounts/settings.hpp"

namespace baedal::accounts {

/// Everything logins need from outside. References outlive the module.
struct Dependencies {
  store::Store& store;
  const Clock& clock;
  const auth::OwnIssuer& issuer;
  const auth::CsrfTokens& csrf;
  AccountOptions options;
};

/// People's accounts where an installation makes its own tokens: not a service of its own, it has
/// neither events nor a place in the table of roles. The gateway plays it.
class AccountsModule {
 public:
  virtual ~AccountsModule() = default;
  /// Once, on an executor, before the first login.
  [[nodiscard]] virtual Task<Result<void>> open() = 0;
  /// `router` must not outlive this.
  virtual void add_routes(http::Router& router) = 0;
  /// The module outlives their use.
  [[nodiscard]] virtual std::vector<service::Reading> readings() const = 0;
};

/// What keeps accounts without serving logins: for the command line.
class AccountsOffice {
 public:
  virtual ~AccountsOffice() = default;
  /// Lives as long as this.
  [[nodiscard]] virtual ManageAccounts& manage() = 0;
};

[[nodiscard]] service::StoreSchema store_schema();
[[nodiscard]] std::unique_ptr<AccountsModule> make_module(const Dependencies& dependencies);
/// Both outlive it.
[[nodiscard]] std::unique_ptr<AccountsOffice> make_office(store::Store& store, const Clock& clock,
                                                          const AccountOptions& options);

/// Keeps the paths of logins where nobody has an account: they say so.
class NoAccounts {
 public:
  virtual ~NoAccounts() = default;
};
/// What is given must outlive `router`.
[[nodiscard]] std::unique_ptr<NoAccounts> add_routes_without_accounts(http::Router& router);

}  // namespace baedal::accounts
