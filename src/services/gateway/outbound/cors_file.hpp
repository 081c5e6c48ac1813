#pragma once

#include <yaml-cpp/yaml.h>

#include <memory>

#include "kernel/error.hpp"
#include "services/gateway/routing/cors.hpp"

namespace baedal::gateway {

/// Reads spring.cloud.gateway.globalcors; null when it says nothing. Keys may be written in either
/// of Spring's ways (allowedOrigins, allowed-origins). kInvalid names what is not understood and
/// its line, since leaving it out would let in too much or too little. Every origin together with
/// credentials is read as every origin without them, and a warning is logged.
[[nodiscard]] Result<std::shared_ptr<const Cors>> read_cors(const YAML::Node& globalcors);

}  // namespace baedal::gateway
