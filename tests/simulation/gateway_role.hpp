#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "platform/http/router.hpp"
#include "services/gateway/inbound/gateway_handler.hpp"
#include "services/gateway/outbound/remote_upstreams.hpp"
#include "simulation/chance.hpp"

namespace baedal::simulation {

/// The gateway with its default routes, wired as src/main/system.cpp does it.
class GatewayRole {
 public:
  /// URLs, by role.
  using Instances = std::map<std::string, std::vector<std::string>>;

  /// All but the instances outlive it.
  GatewayRole(http::UpstreamSender& sender, const Clock& clock, Chance& random,
              Instances instances);

  void start() { upstreams_.start(); }
  Task<void> stop() { return upstreams_.stop(); }
  [[nodiscard]] http::HttpHandler& entry() { return handler_; }

 private:
  using Breaker = std::shared_ptr<resilience::CircuitBreaker>;
  Breaker breaker(const std::string& name);
  [[nodiscard]] gateway::RemoteUpstreamOptions options(Instances instances);

  const Clock& clock_;
  std::map<std::string, Breaker> breakers_;
  gateway::RemoteUpstreams upstreams_;
  http::Router own_;
  gateway::GatewayHandler handler_{upstreams_, own_};
  gateway::FilterTools tools_;
};

}  // namespace baedal::simulation
