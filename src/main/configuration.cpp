#include "main/configuration.hpp"

#include <algorithm>

#include "kernel/assert.hpp"
#include "main/roles.hpp"
#include "platform/auth/settings.hpp"
#include "platform/config/edge_settings.hpp"
#include "platform/config/load.hpp"
#include "platform/config/platform_settings.hpp"
#include "platform/http/upstream/settings.hpp"
#include "platform/messaging/kafka/kafka_settings.hpp"
#include "platform/resilience/settings.hpp"
#include "platform/tracing/otlp/settings.hpp"
#include "services/accounts/settings.hpp"
#include "services/gateway/outbound/settings.hpp"
#include "services/mypage/module.hpp"
#include "services/order/settings.hpp"
#include "services/payment/module.hpp"

namespace baedal {
namespace {

using config::Setting;
using config::Type;

constexpr std::string_view kStoreText =
    "Where this service keeps its rows: `sqlite:FILE`, `lmdb:FOLDER` (relative paths are below "
    "`data.dir`), or `postgresql://USER@HOST:PORT/DATABASE`, which several processes may share. A "
    "password behind USER and a colon (percent-encoded) is shown nowhere; it may also come from "
    "libpq's PGPASSFILE or PGPASSWORD.";

constexpr Setting kSettings[] = {
    {.name = "roles",
     .type = Type::kList,
     .description = "The roles this process plays, as `order,delivery`; empty for all.",
     .short_flag = "role"},
    {.name = "menu.store",
     .default_value = "sqlite:menu.db",
     .min = "1",
     .description = kStoreText},
    {.name = "order.store",
     .default_value = "sqlite:order.db",
     .min = "1",
     .description = kStoreText},
    {.name = "payment.store",
     .default_value = "sqlite:payment.db",
     .min = "1",
     .description = kStoreText},
    {.name = "delivery.store",
     .default_value = "sqlite:delivery.db",
     .min = "1",
     .description = kStoreText},
    {.name = "mypage.store", .default_value = "lmdb:mypage", .min = "1", .description = kStoreText},
    {.name = "accounts.store",
     .default_value = "sqlite:accounts.db",
     .description =
         "Where a gateway with an `auth.issuer-key` keeps people's accounts: `sqlite:FILE` (a "
         "relative path is below `data.dir`), or `postgresql://USER@HOST:PORT/DATABASE`, for "
         "several gateways. Empty: nobody has one."},
    {.name = "messaging.bus",
     .default_value = "embedded:events",
     .min = "1",
     .description = "How events travel: `embedded:FOLDER`, a durable log without network (a "
                    "relative path is below `data.dir`), or `kafka://HOST:PORT,HOST:PORT/TOPIC`, "
                    "a topic of Apache Kafka; see `kafka.*`."},
};

}  // namespace

config::Registry make_registry() {
  config::Registry registry;
  for (const auto table :
       {config::platform_settings(), config::edge_settings(), auth::settings(),
        messaging::kafka_settings(), resilience::settings(), std::span<const Setting>{kSettings},
        accounts::settings(), gateway::settings(), order::settings(), payment::settings(),
        mypage::settings(), http::upstream_settings(), tracing::settings()}) {
    const auto added = registry.add(table);
    BAEDAL_ASSERT(added.has_value());
  }
  return registry;
}

Result<config::Settings> load_settings(const std::vector<std::string>& flags) {
  const config::Registry registry = make_registry();
  return config::load(registry, {.environment = config::process_environment(), .flags = flags});
}

Result<std::vector<std::string>> named_roles(const config::Settings& settings) {
  const auto& named = settings.list("roles");
  for (const std::string& name : named) {
    if (find_role(name) == nullptr) {
      return fail(ErrorKind::kInvalid, "unknown-role",
                  "There is no role \"" + name + "\"; see baedal roles.");
    }
  }
  std::vector<std::string> roles;
  for (const Role& role : kRoles) {
    if (named.empty() || std::ranges::find(named, role.name) != named.end())
      roles.emplace_back(role.name);
  }
  return roles;
}

Result<std::vector<std::string>> chosen_roles(const config::Settings& settings) {
  auto roles = named_roles(settings);
  if (!roles) return roles;
  for (const std::string& name : *roles) {
    for (const std::string_view needed : find_role(name)->needs) {
      if (std::ranges::find(*roles, needed) != roles->end()) continue;
      const std::string url = std::string{needed} + ".url";
      if (!settings.list(url).empty()) continue;
      return fail(ErrorKind::kInvalid, "missing-role",
                  "The role " + name + " needs the role " + std::string{needed} +
                      ": name both, or say with " + url + " where it runs.");
    }
  }
  return roles;
}

}  // namespace baedal
