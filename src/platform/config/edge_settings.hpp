#pragma once

#include <span>

#include "platform/config/setting.hpp"

namespace baedal::config {

/// The settings of what a process shows to the outside: TLS, headers, the audit log, core dumps.
[[nodiscard]] std::span<const Setting> edge_settings();

}  // namespace baedal::config
