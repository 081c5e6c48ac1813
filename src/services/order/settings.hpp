#pragma once

#include <span>
#include <string>

#include "platform/config/settings.hpp"
#include "services/order/outbound/remote_service.hpp"

namespace baedal::order {

/// Where the neighbours of this service are when they run in other processes.
[[nodiscard]] std::span<const config::Setting> settings();

/// Of the neighbour "delivery" or "menu"; kInvalid when its URL is missing or is none.
[[nodiscard]] Result<RemoteOptions> remote_options(const config::Settings& settings,
                                                   const std::string& neighbour);

}  // namespace baedal::order
