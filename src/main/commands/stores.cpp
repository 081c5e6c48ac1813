// baedal migrate and doctor: the data folder, without serving.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <vector>

#include "main/accounts.hpp"
#include "main/commands/support.hpp"
#include "main/configuration.hpp"
#include "main/roles.hpp"
#include "main/view_stores.hpp"
#include "main/wiring.hpp"
#include "platform/clock/system_clock.hpp"
#include "platform/messaging/embedded/log.hpp"
#include "platform/store/generations.hpp"

namespace baedal::commands {
namespace {

/// Opens and closes the store of a role, which brings it to the newest schema and checks it.
Result<void> open_once(const Role& role, const config::Settings& settings, Access access) {
  const SystemClock clock;
  const std::string name{role.name};
  auto url = parse_store_url(settings, name);
  if (!url) return pass_on(url);
  if (name != "mypage") {
    auto store = open_store(*url, schema_of(name), settings, clock, access);
    if (!store) return pass_on(store);
    return {};
  }
  store::Generations generations = view_generations(*url, schema_of(name), settings, clock, access);
  auto store =
      access == Access::kServe ? generations.open_current() : generations.inspect_current();
  if (!store && store.error().kind != ErrorKind::kNotFound) return pass_on(store);
  return {};
}

/// Those of the named roles that have a store, or nullopt after having complained. A database does
/// not need the neighbours that its service calls.
std::optional<std::vector<Role>> storing_roles(const config::Settings& settings) {
  const auto named = named_roles(settings);
  if (!named) {
    complain(named.error().detail);
    return std::nullopt;
  }
  std::vector<Role> storing;
  for (const Role& role : kRoles) {
    const bool is_named = std::ranges::find(*named, role.name) != named->end();
    if (is_named && !role.store.empty()) storing.push_back(role);
  }
  return storing;
}

/// The same of the accounts, which have no role; nullopt where nobody has one.
std::optional<Result<void>> open_accounts_once(const config::Settings& settings) {
  const auto named = named_roles(settings);
  if (!named || !keeps_accounts(settings, *named)) return std::nullopt;
  const SystemClock clock;
  auto store = open_accounts_store(settings, clock);
  if (!store) return Result<void>{pass_on(store)};
  return Result<void>{};
}

/// Prints one finding of the doctor; whether it is good.
bool report(std::string_view subject, const Result<void>& finding) {
  if (finding) {
    std::printf("ok    %.*s\n", static_cast<int>(subject.size()), subject.data());
  } else {
    std::printf("FAIL  %.*s: %s\n", static_cast<int>(subject.size()), subject.data(),
                finding.error().detail.c_str());
  }
  return finding.has_value();
}

Result<void> check_disk(const std::filesystem::path& folder) {
  constexpr std::uintmax_t kLow = 256U << 20U;
  std::error_code ec;
  const auto space = std::filesystem::space(folder, ec);
  if (ec)
    return fail(ErrorKind::kUnavailable, "disk", "cannot be looked at: " + ec.message() + ".");
  if (space.available >= kLow) return {};
  return fail(ErrorKind::kUnavailable, "disk-low",
              "only " + std::to_string(space.available >> 20U) + " MiB are free; make room.");
}

Result<void> check_event_log(const std::filesystem::path& folder) {
  messaging::LogOptions options;
  options.read_only = true;
  auto log = messaging::Log::open(folder, options);
  if (!log) return pass_on(log);
  return {};
}

}  // namespace

int migrate(const Flags& flags) {
  const auto settings = settings_or_complain(flags);
  if (!settings) return 2;
  const auto chosen = storing_roles(*settings);
  if (!chosen) return 2;
  int failures = 0;
  const auto report_on = [&](std::string_view name, const Result<void>& opened) {
    if (opened) {
      std::printf("%-10.*s up to date\n", static_cast<int>(name.size()), name.data());
    } else {
      complain(opened.error().detail);
      ++failures;
    }
  };
  for (const Role& role : *chosen) {
    report_on(role.name, open_once(role, *settings, Access::kServe));
  }
  if (const auto opened = open_accounts_once(*settings)) report_on("accounts", *opened);
  return failures == 0 ? 0 : 1;
}

int doctor(const Flags& flags) {
  const auto settings = settings_or_complain(flags);
  if (!settings) return 2;
  const auto chosen = storing_roles(*settings);
  if (!chosen) return 2;
  std::printf("ok    configuration\n");
  const std::filesystem::path data = settings->text("data.dir");
  if (!std::filesystem::is_directory(data)) {
    std::printf("ok    data folder %s does not exist yet; the first start makes it\n",
                data.c_str());
    return 0;
  }
  bool good = report("disk of " + data.string(), check_disk(data));
  for (const Role& role : *chosen) {
    const std::string subject = std::string{role.name} + " store";
    good = report(subject, open_once(role, *settings, Access::kInspect)) && good;
  }
  if (const auto opened = open_accounts_once(*settings)) {
    good = report("accounts store", *opened) && good;
  }
  if (std::filesystem::is_directory(data / "events"))
    good = report("event log", check_event_log(data / "events")) && good;
  return good ? 0 : 1;
}

}  // namespace baedal::commands
