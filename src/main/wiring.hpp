#pragma once

#include <memory>
#include <string>
#include <vector>

#include "contracts/commands.hpp"
#include "kernel/async/task.hpp"
#include "kernel/clock.hpp"
#include "kernel/error.hpp"
#include "main/service_host.hpp"
#include "platform/auth/service_tokens.hpp"
#include "platform/config/settings.hpp"
#include "platform/http/hal/presentation.hpp"
#include "platform/http/upstream/upstream_client.hpp"
#include "platform/messaging/bus.hpp"
#include "platform/metrics/registry.hpp"
#include "platform/store/generations.hpp"
#include "services/order/outbound/remote_service.hpp"
#include "services/payment/module.hpp"

namespace baedal {

/// The neighbours that run in other processes, each behind its circuit breaker.
struct Remotes {
  std::vector<std::unique_ptr<order::RemoteService>> services;
  std::unique_ptr<contracts::MenuApi> menu;          ///< null when its role is played here
  std::unique_ptr<contracts::DeliveryApi> delivery;  ///< the same
};

/// The services of this process, in the order of their making: whom others call directly comes
/// before its callers.
struct Services {
  std::unique_ptr<store::Generations> view_generations;        ///< mypage's; null without that role
  std::unique_ptr<payment::PaymentProvider> payment_provider;  ///< null without that role
  Remotes remotes;
  std::vector<ServiceHost> hosts;
};

/// What the services are made with; outlives them.
struct WiringContext {
  const config::Settings& settings;
  const Clock& clock;
  const http::hal::Presentation& presentation;
  messaging::Bus& bus;
  http::UpstreamClient& client;
  const messaging::EventTracing& tracing;
  metrics::Registry& metrics;
  auth::ServiceTokens* service_tokens = nullptr;  ///< null: other services are told nothing
};

/// A number from [0, 1), for jitter and for choosing. Any thread; not for secrets.
[[nodiscard]] double random_fraction();

/// Opens the stores of the chosen roles and makes their modules: the only place that chooses which
/// adapter stands behind a port. Runs on an executor.
Task<Result<Services>> wire_services(const WiringContext& context,
                                     const std::vector<std::string>& roles);

/// What the service of that role needs of a store.
[[nodiscard]] service::StoreSchema schema_of(const std::string& role);

}  // namespace baedal
