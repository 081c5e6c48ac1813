#pragma once

#include <string>
#include <vector>

#include "platform/actuator/documents.hpp"
#include "platform/health/health.hpp"
#include "platform/http/router.hpp"
#include "platform/metrics/registry.hpp"

namespace baedal::actuator {

struct Options {
  std::string name = "baedal";  ///< of the program, for /actuator/info
  std::string version{};
  std::string git_commit{};     ///< empty: not known
  bool show_details = false;    ///< components and their details in health
  bool demo_endpoints = false;  ///< PUT down, PUT up, GET echo
  std::vector<Link> more{};     ///< of endpoints that others add below /actuator
};

/// The operator's side of a process, under the paths and in the forms of Spring Boot's actuator:
/// health with its groups (also /livez and /readyz), info, metrics, prometheus, loggers. Answers
/// from memory; any I/O thread. Borrows the registries; must outlive the router it adds routes to.
class Actuator {
 public:
  Actuator(health::HealthRegistry& health, const metrics::Registry& metrics, Options options);

  void add_routes(http::Router& router);
  /// Whether a path is the operator's: /actuator and what is below it, /livez, /readyz.
  [[nodiscard]] static bool owns(std::string_view path);

 private:
  using Answer = http::Response (Actuator::*)(const http::Request&);
  void get(http::Router& router, std::string_view pattern, Answer answer);
  void on(http::Router& router, http::Method method, std::string_view pattern, Answer answer);

  http::Response links(const http::Request& request);
  http::Response health(const http::Request& request);
  http::Response liveness(const http::Request& request);
  http::Response readiness(const http::Request& request);
  http::Response health_component(const http::Request& request);
  http::Response health_group_component(const http::Request& request);
  http::Response info(const http::Request& request);
  http::Response metric_names(const http::Request& request);
  http::Response metric(const http::Request& request);
  http::Response prometheus(const http::Request& request);
  http::Response loggers(const http::Request& request);
  http::Response logger(const http::Request& request);
  http::Response set_logger(const http::Request& request);
  http::Response down(const http::Request& request);
  http::Response up(const http::Request& request);
  http::Response echo(const http::Request& request);

  [[nodiscard]] http::Response report(const http::Request& request, const health::Report& found,
                                      bool with_groups) const;

  health::HealthRegistry& health_;
  const metrics::Registry& metrics_;
  Options options_;
};

}  // namespace baedal::actuator
