#pragma once

#include <memory>
#include <string>
#include <vector>

#include "kernel/async/manual_executor.hpp"
#include "platform/clock/manual_clock.hpp"
#include "platform/store/faulty/faulty_store.hpp"
#include "platform/store/memory/memory_store.hpp"
#include "services/accounts/app/manage_accounts.hpp"
#include "services/accounts/app/refresh.hpp"
#include "services/accounts/outbound/account_store.hpp"

namespace baedal::accounts {

/// Reversible, and at once: what is tested is who calls it, when, and with what.
class PlainHasher final : public PasswordHasher {
 public:
  Task<Result<PasswordHash>> hash(const Password& password) override {
    ++hashed;
    co_return PasswordHash{cost + "$" + std::string{password.expose()}};
  }
  Task<Result<bool>> matches(const Password& password, const PasswordHash& hash) override {
    ++looked_at;
    if (full) co_return fail(ErrorKind::kOverloaded, "logins-overloaded", "Full.");
    const std::string& text = hash.expose();
    // Others come in between, as they do while a real one is at work.
    co_await yield();
    co_return text.substr(text.find('$') + 1) == password.expose();
  }
  [[nodiscard]] bool is_outdated(const PasswordHash& hash) const override {
    return !hash.expose().starts_with(cost + "$");
  }

  std::string cost = "v1";
  bool full = false;
  int hashed = 0;
  int looked_at = 0;
};

/// 1, 2, 3, …: as many as were drawn.
class CountedSecrets final : public SecretSource {
 public:
  [[nodiscard]] std::string draw() override { return "secret" + std::to_string(++drawn); }
  [[nodiscard]] Digest digest_of(std::string_view secret) const override {
    return {"digest-of-" + std::string{secret}};
  }
  int drawn = 0;
};

class ReadableTokens final : public AccessTokens {
 public:
  [[nodiscard]] std::string issue(const Account& account, std::string_view login) const override {
    std::string text = account.name.text() + "|";
    for (const std::string_view word : account.roles.words()) text.append(word).append("|");
    return text.append(login);
  }
};

class NotedOutcomes final : public Witness {
 public:
  void login_ended(const Account& account, LoginVerdict verdict) override {
    logins.emplace_back(account.name.text(), verdict);
  }
  void refresh_ended(const Account& account, RefreshVerdict verdict) override {
    refreshes.emplace_back(account.name.text(), verdict);
  }
  std::vector<std::pair<std::string, LoginVerdict>> logins;
  std::vector<std::pair<std::string, RefreshVerdict>> refreshes;
};

inline constexpr const char* kRight = "correct horse";

/// The use cases over a store in memory whose calls can be made to fail, and an account "kim".
struct AccountsUnderTest {
  AccountsUnderTest() {
    executor.run(login.prepare()).value();
    add("kim", {"customer"}).value();
  }

  ManualExecutor executor;
  ManualClock clock{Timestamp{1'700'000'000'000'000}};
  store::MemoryDisk disk{"test"};
  store::MemoryStore memory{disk, clock};
  store::FaultyStore faulty{memory};
  StoredAccounts store{faulty};
  PlainHasher hasher;
  CountedSecrets secrets;
  ReadableTokens tokens;
  NotedOutcomes noted;
  const Login::Tools tools{store, hasher, secrets, tokens, noted, clock};
  const LoginPolicy policy{.lockout = {.failures_max = 3}, .session = {}, .sessions_max = 2};
  Login login{tools, policy};
  Refresh refresh{tools, policy.session};
  Logout logout{tools};
  ManageAccounts manage{store, hasher, clock};

  static AccountName name_of(const std::string& text) { return AccountName::parse(text).value(); }
  Result<Account> add(const std::string& name, const std::vector<std::string>& roles,
                      const std::string& password = kRight) {
    const AccountName parsed = name_of(name);
    const Password typed{password};
    return executor.run(manage.add(parsed, AccountRoles::parse(roles).value(), typed));
  }
  Result<std::optional<Granted>> log_in(const std::string& name, const std::string& password,
                                        bool go_on = true) {
    const LoginCommand command{name, Password{password}, go_on};
    return executor.run(login.run(command));
  }
  /// A refresh token of kim's.
  std::string logged_in() { return log_in("kim", kRight).value()->refresh->text(); }
  Refreshed refresh_with(const std::string& token) {
    return executor.run(refresh.run(token)).value();
  }
  Account account(const std::string& name) {
    StoredAccounts undisturbed{memory};
    const AccountName parsed = name.empty() ? AccountName{} : name_of(name);
    return executor.run(undisturbed.find_by_name(parsed)).value().value();
  }
  std::vector<Session> sessions(const std::string& name) {
    StoredAccounts undisturbed{memory};
    return executor.run(undisturbed.sessions_of(account(name).id)).value();
  }
};

}  // namespace baedal::accounts
