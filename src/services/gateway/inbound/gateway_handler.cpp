#include "services/gateway/inbound/gateway_handler.hpp"

#include <algorithm>

#include "kernel/json/writer.hpp"
#include "platform/http/problem.hpp"

namespace baedal::gateway {
namespace {

/// "Paths: [/orders/**], match trailing slash: true", as Spring Cloud Gateway describes it.
std::string describe_predicates(const Route& route) {
  std::string paths;
  for (const PathPattern& path : route.paths) {
    if (!paths.empty()) paths += ", ";
    paths += path.text();
  }
  std::string methods;
  for (const http::Method method : route.methods) {
    if (!methods.empty()) methods += ", ";
    methods += http::to_string(method);
  }
  paths = "Paths: [" + paths + "], match trailing slash: true";
  methods = "Methods: [" + methods + "]";
  if (route.methods.empty()) return paths;
  return route.paths.empty() ? methods : "(" + paths + " && " + methods + ")";
}

void write_route(json::Writer& out, const Route& route) {
  out.begin_object().name("predicate").string(describe_predicates(route));
  out.name("route_id").string(route.id).name("filters").begin_array().end_array();
  out.name("uri").string(route.uri).name("order").integer(route.order).end_object();
}

}  // namespace

Task<http::Response> GatewayHandler::handle(http::Request& request) {
  const Route* route = routes_.find(request);
  if (route == nullptr) return own_.handle(request);
  if (Upstream* upstream = upstreams_.find(*route)) return upstream->forward(*route, request);
  struct Refusal {
    static Task<http::Response> give(http::Request& r) {
      http::Response response = http::problem(503, "service-unavailable",
                                              "The service behind this path is not running.", r);
      response.with("Retry-After", "1");
      co_return response;
    }
  };
  return Refusal::give(request);
}

void GatewayHandler::add_management_routes(http::Router& router) {
  router.add(http::Method::kGet, "/actuator/gateway/routes",
             [this](http::Request& request) { return list_routes(request); });
  router.add(http::Method::kGet, "/actuator/gateway/routes/{id}",
             [this](http::Request& request) { return show_route(request); });
}

Task<http::Response> GatewayHandler::list_routes(http::Request&) {
  json::Writer out(json::Writer::Layout::kCompact);
  out.begin_array();
  for (const Route& route : routes_.routes()) write_route(out, route);
  co_return http::Response{.content_type = "application/json", .body = out.end_array().take()};
}

Task<http::Response> GatewayHandler::show_route(http::Request& request) {
  const auto& routes = routes_.routes();
  const auto found = std::ranges::find(routes, request.path_values.at(0), &Route::id);
  if (found == routes.end())
    co_return http::problem(404, "not-found", "There is no such route.", request);
  json::Writer out(json::Writer::Layout::kCompact);
  write_route(out, *found);
  co_return http::Response{.content_type = "application/json", .body = out.take()};
}

}  // namespace baedal::gateway
