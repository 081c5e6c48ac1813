#include "services/gateway/routing/route.hpp"

#include <algorithm>

namespace baedal::gateway {

bool Route::matches(const http::Request& request) const {
  const auto by_path = [&](const PathPattern& pattern) { return pattern.matches(request.path); };
  if (!paths.empty() && std::ranges::none_of(paths, by_path)) return false;
  return methods.empty() || std::ranges::find(methods, request.method) != methods.end();
}

RouteTable::RouteTable(std::vector<Route> routes) : routes_(std::move(routes)) {
  std::ranges::stable_sort(routes_, {}, &Route::order);
}

const Route* RouteTable::find(const http::Request& request) const {
  const auto found =
      std::ranges::find_if(routes_, [&](const Route& r) { return r.matches(request); });
  return found == routes_.end() ? nullptr : &*found;
}

}  // namespace baedal::gateway
