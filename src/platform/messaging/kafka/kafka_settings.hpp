#pragma once

#include <span>
#include <string_view>

#include "kernel/error.hpp"
#include "platform/config/settings.hpp"
#include "platform/messaging/kafka/options.hpp"

namespace baedal::messaging {

/// The settings kafka.*
[[nodiscard]] std::span<const config::Setting> kafka_settings();

/// The options for `url`, "kafka://host:port,host:port/topic". kInvalid when it is not of that
/// form.
[[nodiscard]] Result<KafkaOptions> kafka_options(std::string_view url,
                                                 const config::Settings& settings);

}  // namespace baedal::messaging
