// The command line: which subcommand, with which options. What follows of settings ("--http.port
// 0") is handed on to the table of settings, which knows them all.
#include <CLI/CLI.hpp>

#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "main/build_info.hpp"
#include "main/commands/command.hpp"

namespace {

using baedal::commands::Flags;

/// A subcommand that also takes settings.
CLI::App* add(CLI::App& parent, const char* name, const char* text) {
  CLI::App* command = parent.add_subcommand(name, text);
  command->allow_extras();
  command->footer("Settings are flags too: baedal config docs lists them.");
  return command;
}

struct Arguments {
  std::string folder;
  long long skip_ids = baedal::commands::RestoreRequest{}.skip_ids;
  std::string url;
  std::string subject;
  std::vector<std::string> roles;
  baedal::commands::AccountRequest account;
  std::string service;
  std::string projection;
  long long seq = 0;
  int seconds = 0;
};

void add_outbox(CLI::App& app, Arguments& arguments, std::function<int()>& run) {
  using namespace baedal::commands;
  CLI::App* outbox = app.add_subcommand("outbox", "Events that are held up: list, retry, park");
  CLI::App* ls =
      add(*outbox, "ls", "Unsent and parked events, from the data folder or from a server");
  CLI::App* retry = add(*outbox, "retry", "Try parked events again (needs a running server)");
  CLI::App* park = add(*outbox, "park", "Put an unsent event aside, so that others go out");
  for (CLI::App* command : {ls, retry, park}) {
    command->add_option("--url", arguments.url, "Address of a running server; several with commas");
    command->add_option("--service", arguments.service, "Only this service");
  }
  park->add_option("--id", arguments.seq, "Number of the event, as ls shows it")->required();
  ls->callback([=, &arguments, &run] {
    run = [=, &arguments] {
      return outbox_ls({arguments.url, arguments.service}, ls->remaining());
    };
  });
  retry->callback([=, &arguments, &run] {
    run = [=, &arguments] {
      return outbox_retry({arguments.url, arguments.service}, retry->remaining());
    };
  });
  park->callback([=, &arguments, &run] {
    run = [=, &arguments] {
      return outbox_park({arguments.url, arguments.service}, arguments.seq, park->remaining());
    };
  });
}

void add_config(CLI::App& app, std::function<int()>& run) {
  using namespace baedal::commands;
  CLI::App* config = app.add_subcommand("config", "The configuration: check, print, docs");
  CLI::App* check = add(*config, "check", "Say what is wrong with the configuration");
  CLI::App* print = add(*config, "print", "Every value and where it came from");
  CLI::App* docs = config->add_subcommand("docs", "Every setting, as Markdown");
  check->callback([=, &run] { run = [=] { return config_check(check->remaining()); }; });
  print->callback([=, &run] { run = [=] { return config_print(print->remaining()); }; });
  docs->callback([&run] { run = config_docs; });
}

void add_backup(CLI::App& app, Arguments& arguments, std::function<int()>& run) {
  using namespace baedal::commands;
  CLI::App* backup_command =
      add(app, "backup", "Copy all stores and the event log, also while they are served");
  backup_command->add_option("--to", arguments.folder, "The folder to make")->required();
  backup_command->callback([=, &arguments, &run] {
    run = [=, &arguments] { return backup(arguments.folder, backup_command->remaining()); };
  });
  CLI::App* restore_command = add(app, "restore", "Make a data folder out of a backup");
  restore_command->add_option("--from", arguments.folder, "The backup")->required();
  restore_command
      ->add_option("--skip-ids", arguments.skip_ids,
                   "How many ids of each kind are given to nothing: those given after the backup")
      ->check(CLI::Range(0LL, 1'000'000'000'000LL))
      ->capture_default_str();
  restore_command->callback([=, &arguments, &run] {
    run = [=, &arguments] {
      return restore({arguments.folder, arguments.skip_ids}, restore_command->remaining());
    };
  });
}

void add_projection(CLI::App& app, Arguments& arguments, std::function<int()>& run) {
  CLI::App* projection = app.add_subcommand("projection", "Views made from events");
  CLI::App* rebuild = add(*projection, "rebuild", "Build a view anew while it serves, and compare");
  rebuild->add_option("view", arguments.projection, "mypage")
      ->required()
      ->check(CLI::IsMember({"mypage"}));
  rebuild->add_option("--url", arguments.url, "Address of the running server");
  rebuild->callback([=, &arguments, &run] {
    run = [=, &arguments] {
      return baedal::commands::projection_rebuild(arguments.url, rebuild->remaining());
    };
  });
}

void add_token(CLI::App& app, Arguments& arguments, std::function<int()>& run) {
  constexpr int kLongest = 366 * 24 * 3600;
  CLI::App* token =
      add(app, "token", "A token of this installation's own issuer (auth.issuer-key)");
  token->add_option("--for", arguments.subject, "Whose: a name")->required();
  token->add_option("--as", arguments.roles, "Their roles: customer, courier, merchant, operator")
      ->delimiter(',')
      ->check(CLI::IsMember({"customer", "courier", "merchant", "operator"}));
  arguments.seconds = 3600;
  token->add_option("--lasts", arguments.seconds, "Seconds; an hour when not given")
      ->check(CLI::Range(1, kLongest));
  token->callback([=, &arguments, &run] {
    run = [=, &arguments] {
      return baedal::commands::token(arguments.subject, arguments.roles, arguments.seconds,
                                     token->remaining());
    };
  });
}

CLI::App* add_account_command(CLI::App& accounts, const char* name, const char* text,
                              Arguments& arguments) {
  CLI::App* command = add(accounts, name, text);
  command->add_option("name", arguments.account.name, "Of the account")->required();
  return command;
}

void add_accounts(CLI::App& app, Arguments& arguments, std::function<int()>& run) {
  using namespace baedal::commands;
  CLI::App* accounts =
      app.add_subcommand("accounts", "Who may log in: add, ls, password, roles, rm");
  CLI::App* add_one = add_account_command(*accounts, "add", "A new account", arguments);
  CLI::App* password = add_account_command(
      *accounts, "password", "Another password; ends the account's logins", arguments);
  CLI::App* roles = add_account_command(*accounts, "roles", "Other roles", arguments);
  CLI::App* rm = add_account_command(
      *accounts, "rm", "Lets nobody in by it any more; its name stays taken", arguments);
  CLI::App* ls = add(*accounts, "ls", "All accounts");
  for (CLI::App* command : {add_one, roles}) {
    command->add_option("--as", arguments.account.roles, "customer, courier, merchant, operator")
        ->delimiter(',')
        ->allow_extra_args(false)
        ->required()
        ->check(CLI::IsMember({"customer", "courier", "merchant", "operator"}));
  }
  for (CLI::App* command : {add_one, password}) {
    command->add_option("--password-file", arguments.account.password_file,
                        "Its first line is the password; else it is asked for, or read from "
                        "standard input");
  }
  const auto runs = [&](CLI::App* command, int (*work)(const AccountRequest&, const Flags&)) {
    command->callback([=, &arguments, &run] {
      run = [=, &arguments] { return work(arguments.account, command->remaining()); };
    });
  };
  runs(add_one, accounts_add);
  runs(password, accounts_password);
  runs(roles, accounts_roles);
  runs(rm, accounts_rm);
  ls->callback([=, &run] { run = [=] { return accounts_ls(ls->remaining()); }; });
}

}  // namespace

int main(int argc, char** argv) {
  using namespace baedal::commands;
  CLI::App app{"Baedal: food ordering and delivery, from one process to a fleet"};
  app.set_version_flag("--version", "baedal " + std::string{baedal::kVersion});
  Arguments arguments;
  std::function<int()> run;

  CLI::App* serve_command =
      add(app, "serve", "Serve every role, or those of --role, in this process");
  serve_command->callback([&] { run = [=] { return serve(serve_command->remaining()); }; });
  app.add_subcommand("roles", "The roles there are")->callback([&] {
    run = baedal::commands::roles;
  });
  CLI::App* migrate_command = add(app, "migrate", "Bring the databases to the newest schema");
  migrate_command->callback([&] { run = [=] { return migrate(migrate_command->remaining()); }; });
  add_backup(app, arguments, run);
  add_outbox(app, arguments, run);
  add_projection(app, arguments, run);
  add_config(app, run);
  add_token(app, arguments, run);
  add_accounts(app, arguments, run);
  CLI::App* doctor_command = add(app, "doctor", "Look for what would keep the system from running");
  doctor_command->callback([&] { run = [=] { return doctor(doctor_command->remaining()); }; });
  CLI::App* demo_command = add(app, "demo", "Play the whole story against a running server");
  demo_command->add_option("--url", arguments.url, "Address of the running server");
  demo_command->callback(
      [&] { run = [=, &arguments] { return demo(arguments.url, demo_command->remaining()); }; });
  CLI::App* health_command = add(app, "health", "Whether a running server is ready");
  health_command->add_option("--url", arguments.url, "Address of the running server");
  health_command->callback([&] {
    run = [=, &arguments] { return health(arguments.url, health_command->remaining()); };
  });
  CLI::App* sleep_command = app.add_subcommand(
      "sleep", "Wait, for an image without a shell: before a container is stopped");
  sleep_command->add_option("seconds", arguments.seconds, "0 to 3600")
      ->required()
      ->check(CLI::Range(0, 3600));
  sleep_command->callback([&] { run = [&] { return sleep_for_seconds(arguments.seconds); }; });

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  if (run) return run();
  // No subcommand, or only the name of a group: say what there is.
  const auto named = app.get_subcommands();
  std::fputs((named.empty() ? &app : named.front())->help().c_str(), stderr);
  return 2;
}
