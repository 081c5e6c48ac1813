#include "services/accounts/module.hpp"

#include <string>
#include <utility>

#include "services/accounts/inbound/logins.hpp"
#include "services/accounts/outbound/account_store.hpp"
#include "services/accounts/outbound/account_tables.hpp"
#include "services/accounts/outbound/login_counts.hpp"
#include "services/accounts/outbound/login_tokens.hpp"

namespace baedal::accounts {
namespace {

class WiredAccounts final : public AccountsModule {
 public:
  explicit WiredAccounts(const Dependencies& d)
      : store_(d.store),
        hasher_(d.options.hasher),
        tokens_(d.issuer, d.options.access_lasts),
        gate_(d.options.gate, d.clock),
        tools_{store_, hasher_, secrets_, tokens_, counts_, d.clock},
        login_(tools_, d.options.login),
        refresh_(tools_, d.options.login.session),
        logout_(tools_),
        logins_(Logins::Tools{login_, refresh_, logout_, gate_, d.csrf, d.clock,
                              d.options.access_lasts}) {}

  [[nodiscard]] Task<Result<void>> open() override { return login_.prepare(); }
  void add_routes(http::Router& router) override { logins_.add_routes(router); }

  [[nodiscard]] std::vector<service::Reading> readings() const override {
    std::vector<service::Reading> readings;
    constexpr std::pair<LoginVerdict, const char*> kLogins[] = {{LoginVerdict::kGranted, "granted"},
                                                                {LoginVerdict::kRefused, "refused"},
                                                                {LoginVerdict::kLocked, "locked"}};
    for (const auto& [verdict, word] : kLogins) {
      readings.push_back(
          {.name = "baedal.logins",
           .description = "Passwords that were looked at",
           .counter = true,
           .read = [this,
                    verdict = verdict] { return static_cast<double>(counts_.logins(verdict)); },
           .tags = {{"outcome", word}}});
    }
    constexpr std::pair<RefreshVerdict, const char*> kRefreshes[] = {
        {RefreshVerdict::kRotated, "rotated"},
        {RefreshVerdict::kRaced, "raced"},
        {RefreshVerdict::kReused, "reused"},
        {RefreshVerdict::kExpired, "expired"},
        {RefreshVerdict::kEnded, "ended"}};
    for (const auto& [verdict, word] : kRefreshes) {
      readings.push_back(
          {.name = "baedal.logins.refreshed",
           .description = "Refresh tokens of logins that came",
           .counter = true,
           .read = [this,
                    verdict = verdict] { return static_cast<double>(counts_.refreshes(verdict)); },
           .tags = {{"outcome", word}}});
    }
    return readings;
  }

 private:
  StoredAccounts store_;
  Argon2Hasher hasher_;
  OpensslSecrets secrets_;
  IssuedTokens tokens_;
  LoginCounts counts_;
  AddressGate gate_;
  const Login::Tools tools_;
  Login login_;
  Refresh refresh_;
  Logout logout_;
  Logins logins_;
};

class WiredOffice final : public AccountsOffice {
 public:
  WiredOffice(store::Store& store, const Clock& clock, const AccountOptions& options)
      : store_(store), hasher_(options.hasher), manage_(store_, hasher_, clock) {}
  [[nodiscard]] ManageAccounts& manage() override { return manage_; }

 private:
  StoredAccounts store_;
  Argon2Hasher hasher_;
  ManageAccounts manage_;
};

class EmptyLogins final : public NoAccounts {
 public:
  explicit EmptyLogins(http::Router& router) { logins_.add_routes(router); }

 private:
  Logins logins_{std::nullopt};
};

}  // namespace

service::StoreSchema store_schema() { return {"accounts", kTables, migrations()}; }

std::unique_ptr<AccountsModule> make_module(const Dependencies& dependencies) {
  return std::make_unique<WiredAccounts>(dependencies);
}

std::unique_ptr<AccountsOffice> make_office(store::Store& store, const Clock& clock,
                                            const AccountOptions& options) {
  return std::make_unique<WiredOffice>(store, clock, options);
}

std::unique_ptr<NoAccounts> add_routes_without_accounts(http::Router& router) {
  return std::make_unique<EmptyLogins>(router);
}

}  // namespace baedal::accounts
