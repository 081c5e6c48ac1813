#pragma once

#include <memory>
#include <string>
#include <vector>

#include "kernel/async/task.hpp"
#include "kernel/clock.hpp"
#include "kernel/error.hpp"
#include "platform/auth/csrf.hpp"
#include "platform/auth/own_issuer.hpp"
#include "platform/config/settings.hpp"
#include "platform/health/health.hpp"
#include "platform/http/router.hpp"
#include "platform/metrics/registry.hpp"
#include "platform/store/store.hpp"
#include "services/accounts/module.hpp"

namespace baedal {

/// Whether people log in at a process of these roles, unless it is open: at a gateway that makes
/// tokens itself and has a store of accounts.
[[nodiscard]] bool keeps_accounts(const config::Settings& settings,
                                  const std::vector<std::string>& roles);

/// Opens the store of accounts, making it when there is none, for its owner's eyes only. Several
/// processes may have it open, as the command line beside a server. The error is a sentence.
[[nodiscard]] Result<std::unique_ptr<store::Store>> open_accounts_store(
    const config::Settings& settings, const Clock& clock);

/// Logins as this process serves them.
class Accounts {
 public:
  /// On an executor. All but the settings outlive it.
  static Task<Result<std::unique_ptr<Accounts>>> open(const config::Settings& settings,
                                                      const Clock& clock,
                                                      const auth::OwnIssuer& issuer,
                                                      const auth::CsrfTokens& csrf);

  void add_routes(http::Router& router) { module_->add_routes(router); }
  /// Makes it visible; ends before it. Readiness does not need it: whoever has a token goes on.
  void show(metrics::Registry& metrics, health::HealthRegistry& health);

 private:
  Accounts(std::unique_ptr<store::Store> store, std::unique_ptr<accounts::AccountsModule> module)
      : store_(std::move(store)), module_(std::move(module)) {}

  std::unique_ptr<store::Store> store_;
  std::unique_ptr<accounts::AccountsModule> module_;
  std::vector<metrics::Registration> meters_;
};

}  // namespace baedal
