#pragma once

#include <string>
#include <vector>

#include "platform/http/message.hpp"
#include "services/gateway/routing/path_pattern.hpp"

namespace baedal::gateway {

/// One route: where requests that fulfil every predicate go.
struct Route {
  std::string id;
  std::string uri;                      ///< "http://order:8080"
  std::string host;                     ///< "order", of the uri: the name of the service
  int order = 0;                        ///< lower first; then as written
  std::vector<PathPattern> paths;       ///< any of them; empty: every path
  std::vector<http::Method> methods{};  ///< any of them; empty: every method

  [[nodiscard]] bool matches(const http::Request& request) const;
};

/// The routes in the order in which they are tried. Read only while serving.
class RouteTable {
 public:
  RouteTable() = default;
  explicit RouteTable(std::vector<Route> routes);
  /// The first route that matches; null when none does.
  [[nodiscard]] const Route* find(const http::Request& request) const;
  [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }

 private:
  std::vector<Route> routes_;
};

}  // namespace baedal::gateway
