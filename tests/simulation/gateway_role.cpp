#include "simulation/gateway_role.hpp"

#include <utility>

#include "kernel/assert.hpp"
#include "services/gateway/outbound/routes_file.hpp"

namespace baedal::simulation {

using namespace std::chrono_literals;

GatewayRole::GatewayRole(http::UpstreamSender& sender, const Clock& clock, Chance& random,
                         Instances instances)
    : clock_(clock),
      upstreams_(sender, clock, http::TrustedProxies{{}}, options(std::move(instances))),
      tools_{.clock = clock,
             .random = [&random] { return static_cast<double>(random.below(1'000'000)) / 1e6; },
             .breaker = [this](const std::string& name) { return breaker(name); },
             .dispatch = [this](http::Request& request) { return handler_.handle(request); }} {
  auto routes = gateway::parse_routes(std::string{gateway::default_routes()}, tools_);
  BAEDAL_ASSERT(routes);
  handler_.use(std::move(*routes));
}

gateway::RemoteUpstreamOptions GatewayRole::options(Instances instances) {
  gateway::RemoteUpstreamOptions options;
  options.response_timeout = 2s;
  options.instances = std::move(instances);
  options.breaker = [this](const std::string& name) { return breaker(name); };
  return options;
}

/// One that opens after a few calls: there are few.
GatewayRole::Breaker GatewayRole::breaker(const std::string& name) {
  Breaker& breaker = breakers_[name];
  if (!breaker) {
    resilience::CircuitBreakerOptions options;
    options.sliding_window_size = 6;
    options.minimum_number_of_calls = 6;
    options.wait_duration_in_open_state = 5s;
    options.permitted_number_of_calls_in_half_open_state = 1;
    breaker = std::make_shared<resilience::CircuitBreaker>(name, options, clock_);
  }
  return breaker;
}

}  // namespace baedal::simulation
