#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "kernel/json/value.hpp"
#include "platform/http/message.hpp"
#include "services/gateway/routing/path_labels.hpp"
#include "services/gateway/routing/path_pattern.hpp"
#include "services/gateway/routing/predicate.hpp"

namespace baedal::gateway {

class Cors;
class FilterChain;
class Upstream;

/// How one of several instances is chosen.
enum class Affinity {
  kNone,    ///< the one with the fewest requests in hand
  kClient,  ///< the same one for the same client, as long as it is well
};

/// One route: where requests that fulfil every predicate go, and what is done to them on the way.
struct Route {
  std::string id;
  std::string uri;                      ///< "http://order:8080", "lb://order"
  std::string host;                     ///< "order", of the uri: the name of the service
  int order = 0;                        ///< lower first; then as written
  std::vector<PathPattern> paths;       ///< any of them; empty: every path
  std::vector<http::Method> methods{};  ///< any of them; empty: every method
  std::vector<std::shared_ptr<const Predicate>> predicates{};  ///< all of them
  std::string weight_group{};  ///< of the predicate Weight; empty: none
  std::uint32_t weight = 0;
  std::shared_ptr<const FilterChain> filters{};  ///< null: the request passes as it is
  std::vector<std::string> instances{};          ///< URLs; empty: the uri's
  Affinity affinity = Affinity::kNone;
  std::chrono::milliseconds connect_timeout{0};   ///< 0: the gateway's
  std::chrono::milliseconds response_timeout{0};  ///< 0: the gateway's; negative: none
  json::Object metadata{};                        ///< as written, to be shown

  /// For metrics, where the upstream has no own; made when the table is taken into use.
  PathLabels labels{};
  /// Set when the table is taken into use; null: not known.
  std::shared_ptr<Upstream> upstream{};

  [[nodiscard]] bool matches(const http::Request& request) const;
};

/// The routes in the order in which they are tried. Read only while serving.
class RouteTable {
 public:
  RouteTable() = default;
  /// `random` draws from [0, 1) for routes that share a weight group; it may be empty without any.
  explicit RouteTable(std::vector<Route> routes, std::function<double()> random = nullptr);
  /// The first route that matches; null when none does.
  [[nodiscard]] const Route* find(const http::Request& request) const;
  [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }
  [[nodiscard]] std::vector<Route>& routes() { return routes_; }
  /// What pages of other origins may do; null: nothing is said of it.
  [[nodiscard]] const Cors* cors() const { return cors_.get(); }
  void set_cors(std::shared_ptr<const Cors> cors) { cors_ = std::move(cors); }

 private:
  /// The share of a route in its weight group, as a part of [0, 1).
  struct Share {
    double from = 0;
    double to = 1;
  };
  void share_out();

  std::vector<Route> routes_;
  std::shared_ptr<const Cors> cors_;
  std::vector<Share> shares_;  ///< by route
  bool weighted_ = false;
  std::function<double()> random_;
};

}  // namespace baedal::gateway
