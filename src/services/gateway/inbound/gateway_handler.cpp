#include "services/gateway/inbound/gateway_handler.hpp"

#include <algorithm>

#include "kernel/json/writer.hpp"
#include "platform/http/hop_by_hop.hpp"
#include "platform/http/problem.hpp"

namespace baedal::gateway {
namespace {

std::string describe_paths(const Route& route) {
  std::string text = "Paths: [";
  for (std::size_t i = 0; i < route.paths.size(); ++i) {
    if (i > 0) text += ", ";
    text += route.paths[i].text();
  }
  return text + "], match trailing slash: true";
}

std::string describe_methods(const Route& route) {
  std::string methods;
  for (const http::Method method : route.methods) {
    if (!methods.empty()) methods += ", ";
    methods += http::to_string(method);
  }
  return "Methods: [" + methods + "]";
}

/// "(Paths: [/orders/**], match trailing slash: true && Methods: [GET])", as Spring Cloud Gateway
/// describes it.
std::string describe_predicates(const Route& route) {
  std::vector<std::string> parts;
  if (!route.paths.empty()) parts.push_back(describe_paths(route));
  if (!route.methods.empty()) parts.push_back(describe_methods(route));
  for (const auto& predicate : route.predicates) parts.push_back(predicate->describe());
  if (!route.weight_group.empty()) {
    parts.push_back("Weight: " + route.weight_group + " " + std::to_string(route.weight));
  }
  if (parts.empty()) return "";
  std::string text = parts.front();
  for (std::size_t i = 1; i < parts.size(); ++i) text = "(" + text + " && " + parts[i] + ")";
  return text;
}

void write_route(json::Writer& out, const Route& route) {
  out.begin_object().name("predicate").string(describe_predicates(route));
  if (!route.metadata.empty()) out.name("metadata").value(route.metadata);
  out.name("route_id").string(route.id).name("filters").begin_array();
  std::size_t order = 0;
  if (route.filters) {
    for (const FilterPointer& filter : route.filters->filters()) {
      out.string("[[" + filter->describe() + "], order = " + std::to_string(++order) + "]");
    }
  }
  out.end_array();
  out.name("uri").string(route.uri).name("order").integer(route.order).end_object();
}

/// {"name":null, …}, the form in which Spring Cloud Gateway lists what it knows.
Task<http::Response> list_names(std::span<const std::string_view> names) {
  json::Writer out(json::Writer::Layout::kCompact);
  out.begin_object();
  for (const std::string_view name : names) out.name(name).null();
  co_return http::Response{.content_type = "application/json", .body = out.end_object().take()};
}

bool is_management(std::string_view path) {
  constexpr std::string_view kManagement = "/actuator";
  return path.starts_with(kManagement) &&
         (path.size() == kManagement.size() || path[kManagement.size()] == '/');
}

Task<http::Response> not_running(http::Request& request) {
  http::Response response = http::problem(503, "service-unavailable",
                                          "The service behind this path is not running.", request);
  response.with("Retry-After", "1");
  co_return response;
}

}  // namespace

GatewayHandler::GatewayHandler(Upstreams& upstreams, http::HttpHandler& own)
    : routes_(std::make_shared<const RouteTable>()), upstreams_(upstreams), own_(own) {}

void GatewayHandler::use(RouteTable routes) {
  for (Route& route : routes.routes()) {
    route.upstream = upstreams_.find(route);
    const bool labelled = route.upstream && route.upstream->labels_requests();
    route.labels = labelled ? PathLabels() : PathLabels(route.paths);
  }
  routes_.store(std::make_shared<const RouteTable>(std::move(routes)));
}

Task<http::Response> GatewayHandler::handle(http::Request& request) {
  // Whatever the routes say: a route to everything must not take its operator's view away.
  if (is_management(request.path)) return own_.handle(request);
  Table table = routes_.load();
  if (const Cors* cors = table->cors()) {
    if (auto verdict = cors->judge(request)) {
      return share(std::move(table), std::move(*verdict), request);
    }
  }
  return dispatch(std::move(table), request);
}

Task<http::Response> GatewayHandler::share(Table table, CorsVerdict verdict,
                                           http::Request& request) {
  if (verdict.answer) co_return std::move(*verdict.answer);
  auto answering = dispatch(std::move(table), request);
  http::Response response = co_await answering;
  verdict.apply(response);
  co_return response;
}

Task<http::Response> GatewayHandler::dispatch(Table table, http::Request& request) {
  const Route* route = table->find(request);
  if (route == nullptr) return own_.handle(request);
  request.route = route->labels.of(request.path);
  if (route->upstream == nullptr) return not_running(request);
  http::end_hop(request);
  if (route->filters) return pass(std::move(table), *route, request);
  // The request keeps the routes it goes by, and not a coroutine of its own.
  request.context = std::move(table);
  return route->upstream->forward(*route, request, {});
}

/// `table` stays with the coroutine: the route, and its filters, are of it.
Task<http::Response> GatewayHandler::pass([[maybe_unused]] Table table, const Route& route,
                                          http::Request& request) {
  Exchange exchange{.request = request, .route = route};
  // What filters make of the request ends with the exchange: whoever looks at it afterwards (access
  // log, metrics) sees it as it came.
  const RequestViews as_sent{request};
  auto passing = route.filters->run(exchange, *route.upstream);
  http::Response response = co_await passing;
  as_sent.restore(request);
  co_return response;
}

void GatewayHandler::add_management_routes(http::Router& router, Reload reload) {
  reload_ = std::move(reload);
  router.add(http::Method::kGet, "/actuator/gateway/routes",
             [this](http::Request& request) { return list_routes(request); });
  router.add(http::Method::kGet, "/actuator/gateway/routes/{id}",
             [this](http::Request& request) { return show_route(request); });
  router.add(http::Method::kGet, "/actuator/gateway/globalfilters",
             [](http::Request&) { return list_names({}); });
  router.add(http::Method::kGet, "/actuator/gateway/routefilters",
             [](http::Request&) { return list_names(filter_names()); });
  router.add(http::Method::kGet, "/actuator/gateway/routepredicates",
             [](http::Request&) { return list_names(predicate_names()); });
  router.add(http::Method::kPost, "/actuator/gateway/refresh",
             [this](http::Request& request) { return refresh(request); });
}

Task<http::Response> GatewayHandler::list_routes(http::Request&) {
  const Table table = routes_.load();
  json::Writer out(json::Writer::Layout::kCompact);
  out.begin_array();
  for (const Route& route : table->routes()) write_route(out, route);
  co_return http::Response{.content_type = "application/json", .body = out.end_array().take()};
}

Task<http::Response> GatewayHandler::show_route(http::Request& request) {
  const Table table = routes_.load();
  const auto& routes = table->routes();
  const auto found = std::ranges::find(routes, request.path_values.at(0), &Route::id);
  if (found == routes.end())
    co_return http::problem(404, "not-found", "There is no such route.", request);
  json::Writer out(json::Writer::Layout::kCompact);
  write_route(out, *found);
  co_return http::Response{.content_type = "application/json", .body = out.take()};
}

Task<http::Response> GatewayHandler::refresh(http::Request& request) {
  auto routes = reload_();
  if (!routes) co_return http::problem(routes.error(), request);
  use(std::move(*routes));
  co_return http::Response{.status = 200};
}

}  // namespace baedal::gateway
