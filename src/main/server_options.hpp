#pragma once

#include "platform/config/settings.hpp"
#include "platform/http/hal/presentation.hpp"
#include "platform/http/server.hpp"

namespace baedal {

/// What the settings say of the server's limits.
[[nodiscard]] http::ServerLimits server_limits(const config::Settings& settings);

/// What they say of the form of answers.
[[nodiscard]] http::hal::Presentation presentation(const config::Settings& settings);

}  // namespace baedal
