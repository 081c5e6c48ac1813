#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include "platform/http/handler.hpp"
#include "platform/http/router.hpp"
#include "services/gateway/routing/cors.hpp"
#include "services/gateway/routing/filter.hpp"
#include "services/gateway/routing/upstream.hpp"

namespace baedal::gateway {

/// The single entry point: a request goes through the filters of the first route that matches to
/// its upstream, else, and always below /actuator, to the gateway's own routes. No route → 404; a
/// route to a service that is not known → 503. Requests from other origins that the CORS rules
/// refuse, and preflights, end before that, though not below /actuator. The routes can be changed
/// at any time: what is in hand finishes with those it began with. Any I/O thread.
class GatewayHandler final : public http::HttpHandler {
 public:
  /// Reads the routes anew.
  using Reload = std::function<Result<RouteTable>()>;

  /// Both outlive it. Without routes until use().
  GatewayHandler(Upstreams& upstreams, http::HttpHandler& own);

  void use(RouteTable routes);
  /// Those in use now.
  [[nodiscard]] std::shared_ptr<const RouteTable> routes() const { return routes_.load(); }
  Task<http::Response> handle(http::Request& request) override;

  /// GET /actuator/gateway/routes, /routes/{id}, /globalfilters, /routefilters, /routepredicates
  /// and POST /refresh, which answers 400 and changes nothing when the routes have a mistake.
  void add_management_routes(http::Router& router, Reload reload);

 private:
  using Table = std::shared_ptr<const RouteTable>;
  Task<http::Response> dispatch(Table table, http::Request& request);
  Task<http::Response> share(Table table, CorsVerdict verdict, http::Request& request);
  static Task<http::Response> pass(Table table, const Route& route, http::Request& request);
  Task<http::Response> list_routes(http::Request& request);
  Task<http::Response> show_route(http::Request& request);
  Task<http::Response> refresh(http::Request& request);

  std::atomic<Table> routes_;
  Upstreams& upstreams_;
  http::HttpHandler& own_;
  Reload reload_;
};

}  // namespace baedal::gateway
