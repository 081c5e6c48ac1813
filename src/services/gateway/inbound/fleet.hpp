#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/http/handler.hpp"
#include "platform/http/router.hpp"
#include "platform/http/upstream/upstream_client.hpp"
#include "services/gateway/inbound/gateway_handler.hpp"

namespace baedal::gateway {

struct FleetOptions {
  /// Whose instances are looked for behind the routes: a route by its uri's host, or by its id.
  /// Others get no operator's token.
  std::vector<std::string> services{};
  std::vector<std::string> own_services{};           ///< those that this process is
  std::chrono::milliseconds time_limit{2'000};       ///< of looking at an instance
  std::chrono::milliseconds act_time_limit{30'000};  ///< of a replay; 0: none
  std::size_t answer_bytes_max = 8 * 1024 * 1024;    ///< of an instance's answer; above: 502
};

/// Every process of the system for its operators: GET /actuator/fleet lists this one, as "self",
/// and the instances behind the routes, by their addresses, and below it some management resources
/// of each are reached. Only instances of the list are asked, only for the paths named in
/// add_routes(), with the caller's own Authorization: each looks at it again. Any I/O thread.
class Fleet {
 public:
  /// All but the options are borrowed. `own` answers for this process.
  Fleet(const GatewayHandler& gateway, http::UpstreamSender& sender, http::HttpHandler& own,
        FleetOptions options);

  void add_routes(http::Router& router);

 private:
  struct Member;
  using Limit = std::chrono::milliseconds;

  [[nodiscard]] std::vector<Member> members() const;
  [[nodiscard]] std::string_view service_of(const Route& route) const;
  Task<http::Response> list(http::Request& request);
  Task<http::Response> ask(http::Request& request, std::string path, Limit limit);
  Task<http::Response> ask_own(http::Request& request, std::string target);
  Task<http::Response> ask_other(http::Request& request, std::string authority, std::string target,
                                 Limit limit);
  Task<http::Response> replay(http::Request& request);

  const GatewayHandler& gateway_;
  http::UpstreamSender& sender_;
  http::HttpHandler& own_;
  const FleetOptions options_;
};

}  // namespace baedal::gateway
