#pragma once

#include <span>

#include "platform/config/setting.hpp"

namespace baedal::config {

/// The settings that every role has: server, stores, messaging, logs, management.
[[nodiscard]] std::span<const Setting> platform_settings();

}  // namespace baedal::config
