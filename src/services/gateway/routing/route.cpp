#include "services/gateway/routing/route.hpp"

#include <algorithm>
#include <map>

namespace baedal::gateway {

bool Route::matches(const http::Request& request) const {
  const auto by_path = [&](const PathPattern& pattern) { return pattern.matches(request.path); };
  if (!paths.empty() && std::ranges::none_of(paths, by_path)) return false;
  if (!methods.empty() && std::ranges::find(methods, request.method) == methods.end()) return false;
  return std::ranges::all_of(predicates,
                             [&](const auto& predicate) { return predicate->matches(request); });
}

RouteTable::RouteTable(std::vector<Route> routes, std::function<double()> random)
    : routes_(std::move(routes)), random_(std::move(random)) {
  std::ranges::stable_sort(routes_, {}, &Route::order);
  share_out();
}

void RouteTable::share_out() {
  std::map<std::string_view, double> totals;
  for (const Route& route : routes_) {
    if (!route.weight_group.empty()) totals[route.weight_group] += route.weight;
  }
  weighted_ = !totals.empty();
  std::map<std::string_view, double> begun;
  shares_.resize(routes_.size());
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    const Route& route = routes_[i];
    if (route.weight_group.empty()) continue;
    const double total = std::max(totals[route.weight_group], 1.0);
    double& from = begun[route.weight_group];
    shares_[i] = {from / total, (from + route.weight) / total};
    from += route.weight;
  }
}

const Route* RouteTable::find(const http::Request& request) const {
  // One draw for the whole request: the shares of a group lie beside each other.
  const double draw = weighted_ ? random_() : 0;
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    if (draw < shares_[i].from || draw >= shares_[i].to) continue;
    if (routes_[i].matches(request)) return &routes_[i];
  }
  return nullptr;
}

}  // namespace baedal::gateway
