#pragma once

#include <string>
#include <vector>

namespace baedal::commands {

/// The subcommands. Each takes the settings' flags that followed it ("--http.port", "0", …), prints
/// for people, and gives the exit code: 0 done, 1 could not be done (the reason is on stderr),
/// 2 wrongly asked.
using Flags = std::vector<std::string>;

int serve(const Flags& flags);
int roles();
int migrate(const Flags& flags);
/// Prints a token of this installation's own issuer.
int token(const std::string& subject, const std::vector<std::string>& roles, int seconds,
          const Flags& flags);
int doctor(const Flags& flags);

struct AccountRequest {
  std::string name;
  std::vector<std::string> roles;
  std::string password_file;  ///< empty: asked for, or from standard input
};
/// The accounts of an installation that makes its own tokens, in their store, whether it is served
/// from meanwhile or not. Passwords are never arguments, which everybody on the machine sees.
int accounts_add(const AccountRequest& request, const Flags& flags);
int accounts_ls(const Flags& flags);
int accounts_password(const AccountRequest& request, const Flags& flags);
int accounts_roles(const AccountRequest& request, const Flags& flags);
int accounts_rm(const AccountRequest& request, const Flags& flags);

/// Writes a backup of all stores and of the event log to the new folder `to`; may run beside the
/// server.
int backup(const std::string& to, const Flags& flags);

struct RestoreRequest {
  std::string from;                ///< what backup() wrote
  long long skip_ids = 1'000'000;  ///< ids of each table that are given to nothing
};
/// Makes a data folder out of a backup. No server may run on it; it must be new or empty.
int restore(const RestoreRequest& request, const Flags& flags);

int config_check(const Flags& flags);
int config_print(const Flags& flags);
int config_docs();

struct OutboxTarget {
  std::string url;      ///< of running servers, with commas; empty: by the settings
  std::string service;  ///< empty: every service
};
int outbox_ls(const OutboxTarget& target, const Flags& flags);
int outbox_retry(const OutboxTarget& target, const Flags& flags);
int outbox_park(const OutboxTarget& target, long long seq, const Flags& flags);

int projection_rebuild(const std::string& url, const Flags& flags);
int demo(const std::string& url, const Flags& flags);

/// Whether a running server is up: for health checks of containers.
int health(const std::string& url, const Flags& flags);

/// Returns 0 after so many seconds: what a preStop hook runs where there is no shell, so that no
/// new connection comes any more when the server is told to end.
int sleep_for_seconds(int seconds);

}  // namespace baedal::commands
