// baedal accounts: who may log in where the installation makes its own tokens.
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include "kernel/async/manual_executor.hpp"
#include "main/accounts.hpp"
#include "main/commands/command_audit.hpp"
#include "main/commands/read_password.hpp"
#include "main/commands/support.hpp"
#include "platform/clock/system_clock.hpp"

namespace baedal::commands {
namespace {

using accounts::Account;
using accounts::AccountName;
using accounts::AccountRoles;
using accounts::ManageAccounts;
using accounts::Password;

/// The accounts, for one command.
struct Opened {
  ManualExecutor executor;
  SystemClock clock;
  accounts::AccountOptions options;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<accounts::AccountsOffice> office;

  ManageAccounts& manage() { return office->manage(); }
};

/// Null after having complained.
std::unique_ptr<Opened> open_accounts(const config::Settings& settings) {
  auto opened = std::make_unique<Opened>();
  if (settings.text("accounts.store").empty()) {
    complain("accounts.store is empty: nobody has an account in this installation.");
    return nullptr;
  }
  auto store = open_accounts_store(settings, opened->clock);
  if (!store) {
    complain(store.error().detail);
    return nullptr;
  }
  opened->store = std::move(*store);
  opened->options = accounts::options_from(settings);
  opened->office = accounts::make_office(*opened->store, opened->clock, opened->options);
  return opened;
}

std::string words_of(const Account& account) {
  std::string text;
  for (const std::string_view word : account.roles.words()) {
    text.append(text.empty() ? "" : ",").append(word);
  }
  return text.empty() ? "-" : text;
}

std::string state_of(const Account& account, const Opened& opened) {
  const Timestamp now = opened.clock.now();
  if (account.state == accounts::AccountState::kRemoved) return "removed";
  if (!is_locked(account.lockout, now, opened.options.login.lockout)) return "active";
  return "locked until " + account.lockout.locked_until.iso8601();
}

/// What a command is about, the store it is in, and where it is told what became of it.
struct Subject {
  AccountName name;
  AccountRoles roles;
  std::unique_ptr<Opened> opened;
  CommandAudit audit;
};

/// nullopt after having complained.
std::optional<Subject> begin(const AccountRequest& request, const Flags& flags) {
  const auto settings = settings_or_complain(flags);
  if (!settings) return std::nullopt;
  auto name = AccountName::parse(request.name);
  auto roles = AccountRoles::parse(request.roles);
  if (!name || !roles) {
    complain(!name ? name.error().detail : roles.error().detail);
    return std::nullopt;
  }
  auto opened = open_accounts(*settings);
  if (!opened) return std::nullopt;
  auto audit = CommandAudit::open(*settings, opened->clock);
  if (!audit) {
    complain(audit.error().detail);
    return std::nullopt;
  }
  return Subject{std::move(*name), *roles, std::move(opened), std::move(*audit)};
}

/// `what` is said of it when it was done.
int end(Subject& subject, const char* command, const Result<Account>& done, const char* what) {
  std::vector<std::string> roles;
  for (const std::string_view word : subject.roles.words()) roles.emplace_back(word);
  const bool noted = subject.audit.note({command, subject.name.text(), std::move(roles)},
                                        done ? nullptr : &done.error());
  if (!done) {
    complain(done.error().detail);
    return 1;
  }
  std::printf("%s: %s\n", done->name.text().c_str(), what);
  return noted ? 0 : 1;
}

std::optional<Password> new_password(const AccountRequest& request) {
  auto text = read_password(request.password_file);
  if (text) return std::optional<Password>{std::in_place, std::move(*text)};
  complain(text.error().detail);
  return std::nullopt;
}

}  // namespace

int accounts_add(const AccountRequest& request, const Flags& flags) {
  auto subject = begin(request, flags);
  if (!subject) return 2;
  const auto password = new_password(request);
  if (!password) return 2;
  Opened& opened = *subject->opened;
  const auto added =
      opened.executor.run(opened.manage().add(subject->name, subject->roles, *password));
  return end(*subject, "accounts add", added, "added");
}

int accounts_password(const AccountRequest& request, const Flags& flags) {
  auto subject = begin(request, flags);
  if (!subject) return 2;
  const auto password = new_password(request);
  if (!password) return 2;
  Opened& opened = *subject->opened;
  const auto changed = opened.executor.run(opened.manage().set_password(subject->name, *password));
  return end(*subject, "accounts password", changed, "has another password; its logins are ended");
}

int accounts_roles(const AccountRequest& request, const Flags& flags) {
  auto subject = begin(request, flags);
  if (!subject) return 2;
  Opened& opened = *subject->opened;
  const auto changed =
      opened.executor.run(opened.manage().set_roles(subject->name, subject->roles));
  return end(*subject, "accounts roles", changed, "has other roles");
}

int accounts_rm(const AccountRequest& request, const Flags& flags) {
  auto subject = begin(request, flags);
  if (!subject) return 2;
  Opened& opened = *subject->opened;
  const auto removed = opened.executor.run(opened.manage().remove(subject->name));
  return end(*subject, "accounts rm", removed, "removed");
}

int accounts_ls(const Flags& flags) {
  const auto settings = settings_or_complain(flags);
  if (!settings) return 2;
  const auto opened = open_accounts(*settings);
  if (!opened) return 2;
  const auto all = opened->executor.run(opened->manage().list());
  if (!all) {
    complain(all.error().detail);
    return 1;
  }
  for (const Account& account : *all) {
    std::printf("%-20s  %-28s  %s\n", account.name.text().c_str(), words_of(account).c_str(),
                state_of(account, *opened).c_str());
  }
  return 0;
}

}  // namespace baedal::commands
