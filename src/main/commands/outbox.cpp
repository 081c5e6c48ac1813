// baedal outbox ls | retry | park: events that are held up. ls also works without a server, on the
// files; retry and park need the server, which has the code to handle events.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <ranges>

#include "kernel/async/manual_executor.hpp"
#include "kernel/text.hpp"
#include "main/commands/support.hpp"
#include "main/open_store.hpp"
#include "main/roles.hpp"
#include "main/wiring.hpp"
#include "platform/clock/system_clock.hpp"
#include "platform/messaging/store_parking.hpp"

namespace baedal::commands {
namespace {

constexpr std::size_t kListMax = 1'000;

bool wanted(const OutboxTarget& target, std::string_view service) {
  return target.service.empty() || target.service == service;
}

bool known_service(const std::string& service) {
  if (service.empty() || (find_role(service) != nullptr && !find_role(service)->store.empty()))
    return true;
  complain("There is no service \"" + service + "\"; see baedal roles.");
  return false;
}

/// The folder that was asked for must be there: an empty list of a mistyped folder would mislead.
bool data_folder_exists(const config::Settings& settings) {
  const std::string& folder = settings.text("data.dir");
  if (std::filesystem::is_directory(folder)) return true;
  complain("There is no data folder " + folder + ".");
  return false;
}

Result<void> list_files_of(const Role& role, const config::Settings& settings) {
  const SystemClock clock;
  const std::string name{role.name};
  auto url = parse_store_url(settings, name);
  if (!url) return pass_on(url);
  if (url->server.empty() && !std::filesystem::exists(url->path)) return {};
  auto store = open_store(*url, schema_of(name), settings, clock, Access::kInspect);
  if (!store) return pass_on(store);
  ManualExecutor executor;
  auto unsent = executor.run((*store)->read_outbox(0, kListMax));
  if (!unsent) return pass_on(unsent);
  auto parking = executor.run(messaging::StoreParking::open(**store));
  if (!parking) return pass_on(parking);
  auto parked = executor.run((*parking)->list(kListMax));
  if (!parked) return pass_on(parked);
  std::printf("%s: %zu unsent, %zu parked\n", name.c_str(), unsent->size(), parked->size());
  for (const auto& row : *unsent) {
    std::printf("  unsent  %lld  %s  key %s  since %s\n", static_cast<long long>(row.seq),
                row.event.type.c_str(), row.event.key.c_str(), row.event.time.iso8601().c_str());
  }
  for (const auto& event : *parked) {
    std::printf("  parked  %lld  %s  key %s  in %s after %d attempts: %s\n",
                static_cast<long long>(event.id), event.envelope.type.c_str(),
                event.envelope.key.c_str(), event.group.c_str(), event.attempts,
                event.reason.c_str());
  }
  return {};
}

int list_files(const OutboxTarget& target, const config::Settings& settings) {
  int failures = 0;
  for (const Role& role : kRoles) {
    // mypage publishes nothing, and its store belongs to one process alone.
    if (role.store.empty() || role.publishes.empty() || !wanted(target, role.name)) continue;
    if (const auto listed = list_files_of(role, settings); !listed) {
      complain(listed.error().detail);
      ++failures;
    }
  }
  return failures == 0 ? 0 : 1;
}

std::string millis_as_seconds(const std::string& millis) {
  const auto count = parse_int64(millis).value_or(0);
  return std::to_string(count / 1'000) + "." + std::to_string(count % 1'000 / 100) + " s";
}

/// What a running server knows beside the rows: ", oldest 1.5 s, group order lags by 3 events".
std::string state_of(const json::Value& service) {
  std::string text;
  if (const auto age = member(service, "oldestUnsentMillis"); age != "-" && age != "0") {
    text += ", oldest " + millis_as_seconds(age);
  }
  if (member(service, "relaying") == "false") text += ", relayed by another process";
  if (const auto lag = member(service, "lag"); lag != "-") {
    text += ", group " + member(service, "group") + " lags by " + lag + " " +
            member(service, "lagUnit");
  }
  return text;
}

void print_service(const json::Value& service) {
  const auto* object = service.get<json::Object>();
  const auto* unsent = object->find("unsent")->get<json::Array>();
  const auto* parked = object->find("parked")->get<json::Array>();
  std::printf("%s: %zu unsent, %zu parked%s\n", member(service, "service").c_str(), unsent->size(),
              parked->size(), state_of(service).c_str());
  for (const json::Value& row : *unsent) {
    std::printf("  unsent  %s  %s  key %s  since %s\n", member(row, "seq").c_str(),
                member(row, "type").c_str(), member(row, "key").c_str(),
                member(row, "time").c_str());
  }
  for (const json::Value& event : *parked) {
    std::printf("  parked  %s  %s  key %s  in %s after %s attempts: %s\n",
                member(event, "id").c_str(), member(event, "type").c_str(),
                member(event, "key").c_str(), member(event, "group").c_str(),
                member(event, "attempts").c_str(), member(event, "reason").c_str());
  }
}

/// The services of a running server, as /actuator/outbox tells of them; nothing after a complaint.
std::optional<json::Array> services_of(const std::string& url) {
  auto answer = ask("GET", url + "/actuator/outbox");
  if (!answer || answer->status != 200) {
    complain(answer ? "The server answered " + std::to_string(answer->status) + "."
                    : answer.error().detail);
    return std::nullopt;
  }
  const auto* body = answer->body.get<json::Object>();
  const auto* services = body == nullptr ? nullptr : body->find("services");
  const auto* list = services == nullptr ? nullptr : services->get<json::Array>();
  if (list != nullptr) return *list;
  complain("The server at " + url + " is no baedal server.");
  return std::nullopt;
}

/// The addresses of a list: the processes of a system, one after the other.
std::vector<std::string> urls_of(const OutboxTarget& target, const config::Settings& settings) {
  std::vector<std::string> urls;
  for (const auto& part : std::views::split(target.url, ',')) {
    urls.push_back(server_url(std::string(part.begin(), part.end()), settings));
  }
  if (urls.empty()) urls.push_back(server_url({}, settings));
  return urls;
}

int list_server(const OutboxTarget& target, const std::string& url) {
  const auto services = services_of(url);
  if (!services) return 1;
  for (const json::Value& service : *services) {
    if (wanted(target, member(service, "service"))) print_service(service);
  }
  return 0;
}

/// Sends one command to the server; prints how many events it concerned.
int post(const std::string& url, std::string_view what, const std::string& service) {
  const auto answer = ask("POST", url, {}, 60);
  if (!answer) {
    complain(answer.error().detail);
    return 1;
  }
  if (answer->status != 200) {
    complain(service + ": " + member(answer->body, "detail"));
    return 1;
  }
  std::printf("%s: %s %.*s\n", service.c_str(), member(answer->body, what).c_str(),
              static_cast<int>(what.size()), what.data());
  return 0;
}

int retry_at(const OutboxTarget& target, const std::string& url, bool& found) {
  const auto services = services_of(url);
  if (!services) return 1;
  for (const json::Value& one : *services) {
    const std::string service = member(one, "service");
    if (!wanted(target, service)) continue;
    found = true;
    const int code = post(url + "/actuator/outbox/" + service + "/retry", "retried", service);
    if (code != 0) return code;
  }
  return 0;
}

}  // namespace

int outbox_ls(const OutboxTarget& target, const Flags& flags) {
  const auto settings = settings_or_complain(flags);
  if (!settings || !known_service(target.service)) return 2;
  if (!target.url.empty()) {
    int code = 0;
    for (const std::string& url : urls_of(target, *settings)) {
      code = std::max(code, list_server(target, url));
    }
    return code;
  }
  if (!data_folder_exists(*settings)) return 1;
  return list_files(target, *settings);
}

int outbox_retry(const OutboxTarget& target, const Flags& flags) {
  const auto settings = settings_or_complain(flags);
  if (!settings || !known_service(target.service)) return 2;
  if (target.url.empty() && !data_folder_exists(*settings)) return 1;
  int code = 0;
  bool found = false;
  for (const std::string& url : urls_of(target, *settings)) {
    code = std::max(code, retry_at(target, url, found));
  }
  if (code == 0 && !found) {
    complain("No service " + target.service + " runs there; see baedal outbox ls.");
    return 1;
  }
  return code;
}

int outbox_park(const OutboxTarget& target, long long seq, const Flags& flags) {
  const auto settings = settings_or_complain(flags);
  if (!settings || !known_service(target.service)) return 2;
  if (target.url.empty() && !data_folder_exists(*settings)) return 1;
  if (target.service.empty()) {
    complain("Say which service's event it is: --service order");
    return 2;
  }
  const std::string url = server_url(target.url, *settings) + "/actuator/outbox/" + target.service +
                          "/park/" + std::to_string(seq);
  return post(url, "parked", target.service);
}

}  // namespace baedal::commands
