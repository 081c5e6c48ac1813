#pragma once

#include "platform/http/handler.hpp"
#include "platform/http/router.hpp"
#include "services/gateway/routing/upstream.hpp"

namespace baedal::gateway {

/// The single entry point: a request goes to the upstream of the first route that matches, else to
/// the gateway's own routes (actuator, index). No route → 404; a route to a service that is not
/// known → 503.
class GatewayHandler final : public http::HttpHandler {
 public:
  GatewayHandler(RouteTable routes, Upstreams& upstreams, http::Router& own)
      : routes_(std::move(routes)), upstreams_(upstreams), own_(own) {}

  Task<http::Response> handle(http::Request& request) override;

  /// GET /actuator/gateway/routes and /actuator/gateway/routes/{id}.
  void add_management_routes(http::Router& router);

 private:
  Task<http::Response> list_routes(http::Request& request);
  Task<http::Response> show_route(http::Request& request);

  RouteTable routes_;
  Upstreams& upstreams_;
  http::Router& own_;
};

}  // namespace baedal::gateway
