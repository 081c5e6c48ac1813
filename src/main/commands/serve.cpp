// baedal serve: the whole system, or the roles named, in this process.
#include <chrono>
#include <cstdio>

#include "main/access.hpp"
#include "main/commands/support.hpp"
#include "main/configuration.hpp"
#include "main/edge.hpp"
#include "main/system.hpp"
#include "main/waiting_room.hpp"
#include "platform/log/log.hpp"
#include "platform/runtime/runtime.hpp"
#include "platform/store/errors.hpp"

namespace baedal::commands {
namespace {

void configure_log(const config::Settings& settings) {
  log::Options options;
  options.level = *log::parse_level(settings.choice("log.level"));
  // Before what `log.levels` says of it, which wins.
  if (!settings.boolean("access-log.enabled"))
    options.levels.emplace_back("access", log::Level::kOff);
  for (const std::string& item : settings.list("log.levels")) {
    const auto equals = item.find('=');
    options.levels.emplace_back(item.substr(0, equals), *log::parse_level(item.substr(equals + 1)));
  }
  options.format =
      settings.choice("log.format") == "json" ? log::Format::kJson : log::Format::kText;
  options.queue_max = static_cast<std::size_t>(settings.integer("log.queue-max"));
  log::configure(options);
}

/// An address a person can paste: wildcard addresses are reached by loopback.
std::string reachable_host(std::string address) {
  if (address == "0.0.0.0") return "127.0.0.1";
  if (address == "::") return "[::1]";
  return address.find(':') == std::string::npos ? address : "[" + address + "]";
}

/// Whether another try may find what this one missed: a server that is away comes back.
bool may_pass(const Error& error) { return error.code == store::kStoreUnavailable; }

/// Starts, as often as startup.patience allows. Null when it was told to stop before.
Result<std::unique_ptr<System>> start_patiently(const config::Settings& settings,
                                                const std::vector<std::string>& roles) {
  constexpr std::chrono::seconds kPause{1};
  const auto give_up_at = std::chrono::steady_clock::now() + settings.duration("startup.patience");
  std::unique_ptr<WaitingRoom> room;  // open while tries are made: probes find the process alive
  const std::function<void()> leave_room = [&room] { room.reset(); };
  while (true) {
    auto system = System::start(settings, roles, leave_room);
    if (system || !may_pass(system.error())) return system;
    if (std::chrono::steady_clock::now() >= give_up_at) return system;
    log::warn("main", "the start waits", {{"reason", system.error().detail}});
    if (!room) {
      auto opened = WaitingRoom::open(settings);
      if (!opened) return pass_on(opened);
      room = std::move(*opened);
    }
    if (runtime::termination_signal_comes_within(kPause)) return nullptr;
  }
}

}  // namespace

int serve(const Flags& flags) {
  const auto settings = settings_or_complain(flags);
  if (!settings) return 2;
  const auto roles = chosen_roles(*settings);
  if (!roles) {
    complain(roles.error().detail);
    return 2;
  }
  const auto open = is_open(*settings);
  if (!open) {
    complain(open.error().detail);
    return 2;
  }
  runtime::hold_termination_signals();
  guard_memory(*settings);
  configure_log(*settings);
  if (*open) log::warn("auth", "everybody may do everything here");
  auto system = start_patiently(*settings, *roles);
  if (!system) {
    complain(system.error().detail);
    log::close();
    return 1;
  }
  if (!*system) {
    log::close();
    return 0;
  }
  std::printf("baedal: serving on http://%s:%u\n",
              reachable_host(settings->text("http.address")).c_str(),
              static_cast<unsigned>((*system)->port()));
  if ((*system)->tls_port() != 0) {
    std::printf("baedal: serving on https://%s:%u\n",
                reachable_host(settings->text("tls.address")).c_str(),
                static_cast<unsigned>((*system)->tls_port()));
  }
  std::fflush(stdout);
  (*system)->run_until_signal();
  system->reset();
  log::close();
  return 0;
}

}  // namespace baedal::commands
