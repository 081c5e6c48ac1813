#pragma once

#include <string>
#include <vector>

#include "main/service_host.hpp"
#include "platform/messaging/bus.hpp"

namespace baedal {

/// What operators do with events that are held up, under /actuator/outbox:
///   GET  /actuator/outbox                       per service: unsent rows and parked events, the
///                                               age of the oldest row, and the group's lag
///   POST /actuator/outbox/{service}/retry       tries the service's parked events again
///   POST /actuator/outbox/{service}/park/{seq}  puts an unsent event aside, so that the ones
///                                               behind it go out; retry publishes it
class OutboxEndpoints {
 public:
  /// Borrows all.
  OutboxEndpoints(std::vector<ServiceHost>& hosts, messaging::Bus& bus, const Clock& clock)
      : hosts_(hosts), bus_(bus), clock_(clock) {}

  void add_routes(http::Router& router);

 private:
  Task<http::Response> list(http::Request& request);
  Task<http::Response> retry(http::Request& request);
  Task<http::Response> park(http::Request& request);
  Task<Result<std::int64_t>> republish(ServiceHost& host);
  ServiceHost* find_host(const http::Request& request);

  std::vector<ServiceHost>& hosts_;
  messaging::Bus& bus_;
  const Clock& clock_;
};

}  // namespace baedal
