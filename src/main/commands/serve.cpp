// baedal serve: the whole system, or the roles named, in this process.
#include <cstdio>

#include "main/commands/support.hpp"
#include "main/configuration.hpp"
#include "main/system.hpp"
#include "platform/log/log.hpp"
#include "platform/runtime/runtime.hpp"

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

}  // namespace

int serve(const Flags& flags) {
  const auto settings = settings_or_complain(flags);
  if (!settings) return 2;
  const auto roles = chosen_roles(*settings);
  if (!roles) {
    complain(roles.error().detail);
    return 2;
  }
  runtime::hold_termination_signals();
  configure_log(*settings);
  auto system = System::start(*settings, *roles);
  if (!system) {
    complain(system.error().detail);
    log::close();
    return 1;
  }
  std::printf("baedal: serving on http://%s:%u\n",
              reachable_host(settings->text("http.address")).c_str(),
              static_cast<unsigned>((*system)->port()));
  std::fflush(stdout);
  (*system)->run_until_signal();
  system->reset();
  log::close();
  return 0;
}

}  // namespace baedal::commands
