#pragma once

#include <span>

#include "platform/config/settings.hpp"
#include "platform/resilience/circuit_breaker.hpp"

namespace baedal::resilience {

/// The table `circuit-breaker.*`: one for every breaker of the process, under resilience4j's names.
[[nodiscard]] std::span<const config::Setting> settings();
[[nodiscard]] CircuitBreakerOptions circuit_breaker_options(const config::Settings& settings);

}  // namespace baedal::resilience
