#pragma once

#include <vector>

#include "main/service_host.hpp"
#include "platform/http/hal/controller.hpp"

namespace baedal {

/// The collections that `/` and `/profile` link to, by name: those of the services in this process;
/// behind a gateway all there are, wherever they run.
[[nodiscard]] std::vector<const http::hal::ResourceType*> root_collections(
    const std::vector<ServiceHost>& hosts, bool with_gateway);

}  // namespace baedal
