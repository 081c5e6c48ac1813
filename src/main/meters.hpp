#pragma once

#include <vector>

#include "main/service_host.hpp"
#include "platform/health/health.hpp"
#include "platform/http/server.hpp"
#include "platform/messaging/bus.hpp"
#include "platform/metrics/registry.hpp"

namespace baedal {

/// Makes the parts of a running system visible: gauges and counters of stores, relays, subscribers,
/// bus and server. Each is read when collected; the registrations must end before the parts.
class SystemMeters {
 public:
  SystemMeters(metrics::Registry& registry, const std::vector<ServiceHost>& hosts,
               const messaging::Bus& bus, const http::Server& server);

 private:
  void add_store(const ServiceHost& host);
  void add_relay(const ServiceHost& host);
  void add_subscriber(const ServiceHost& host);
  void add_readings(const ServiceHost& host);
  void add_group(const ServiceHost& host, const messaging::Bus& bus);
  void add_server(const http::Server& server);

  metrics::Registry& registry_;
  std::vector<metrics::Registration> registrations_;
};

/// Health indicators: each store (readiness needs it), each subscriber and the bus (shown only).
void add_indicators(health::HealthRegistry& health, const std::vector<ServiceHost>& hosts,
                    const messaging::Bus& bus);

}  // namespace baedal
