#pragma once

#include <span>

#include "platform/config/setting.hpp"

namespace baedal::auth {

/// The settings of who may do what, for the one table of all settings.
[[nodiscard]] std::span<const config::Setting> settings();

}  // namespace baedal::auth
