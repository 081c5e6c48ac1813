#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "kernel/error.hpp"
#include "platform/config/settings.hpp"
#include "platform/messaging/bus.hpp"
#include "platform/messaging/kafka/instance_id.hpp"
#include "platform/metrics/registry.hpp"

namespace baedal {

/// A bus, and the meters that only its kind has; they end before it.
struct OpenBus {
  /// Of a Kafka bus: its name, which no other process takes while this lives.
  std::optional<messaging::InstanceId> instance{};
  std::unique_ptr<messaging::Bus> bus;
  std::vector<metrics::Registration> meters{};
};

/// The bus that setting "messaging.bus" names: embedded:FOLDER or kafka://HOST:PORT,…/TOPIC. The
/// error is a sentence for the operator. May block for a few seconds.
[[nodiscard]] Result<OpenBus> open_bus(const config::Settings& settings,
                                       metrics::Registry& registry);

}  // namespace baedal
