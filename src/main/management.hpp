#pragma once

#include <vector>

#include "main/service_host.hpp"
#include "platform/actuator/documents.hpp"
#include "platform/config/settings.hpp"
#include "services/gateway/inbound/fleet.hpp"

namespace baedal {

/// What is below /actuator beside what every program has there.
[[nodiscard]] std::vector<actuator::Link> management_links(const std::vector<ServiceHost>& hosts,
                                                           bool with_gateway);

/// Whom operators reach through a gateway in this process, which plays the roles of `hosts`.
[[nodiscard]] gateway::FleetOptions fleet_options(const config::Settings& settings,
                                                  const std::vector<ServiceHost>& hosts);

}  // namespace baedal
