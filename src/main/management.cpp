#include "main/management.hpp"

#include <algorithm>
#include <string_view>

#include "main/roles.hpp"

namespace baedal {
namespace {

constexpr std::string_view kGateway = "gateway";

}  // namespace

std::vector<actuator::Link> management_links(const std::vector<ServiceHost>& hosts,
                                             bool with_gateway) {
  std::vector<actuator::Link> links{{"outbox", "/outbox"}};
  if (with_gateway) links.push_back({"fleet", "/fleet"});
  if (std::ranges::find(hosts, "mypage", &ServiceHost::name) != hosts.end()) {
    links.push_back({"waiting-orders", "/waiting-orders"});
  }
  return links;
}

gateway::FleetOptions fleet_options(const config::Settings& settings,
                                    const std::vector<ServiceHost>& hosts) {
  gateway::FleetOptions options{.time_limit = settings.duration("gateway.fleet-timeout"),
                                .act_time_limit = settings.duration("gateway.response-timeout")};
  for (const Role& role : kRoles) {
    if (role.name != kGateway) options.services.emplace_back(role.name);
  }
  for (const ServiceHost& host : hosts) options.own_services.push_back(host.name);
  options.own_services.emplace_back(kGateway);
  return options;
}

}  // namespace baedal
