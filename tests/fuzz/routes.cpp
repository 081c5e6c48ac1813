// The YAML of the gateway's routes: it is refused with a reason, or is a table that routes.
#include <memory>

#include "fuzz.hpp"
#include "platform/clock/manual_clock.hpp"
#include "platform/resilience/circuit_breaker.hpp"
#include "services/gateway/outbound/routes_file.hpp"

using baedal::fuzz::promise;
using namespace baedal;

namespace {

const ManualClock& the_clock() {
  static const ManualClock clock{Timestamp{0}};
  return clock;
}

gateway::FilterTools tools() {
  return {.clock = the_clock(),
          .random = [] { return 0.5; },
          .breaker =
              [](const std::string& name) {
                return std::make_shared<resilience::CircuitBreaker>(
                    name, resilience::CircuitBreakerOptions{}, the_clock());
              },
          .dispatch = [](http::Request&) -> Task<http::Response> { co_return http::Response{}; }};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto table = gateway::parse_routes(std::string{fuzz::text_of(data, size)}, tools());
  if (!table) {
    promise(!table.error().detail.empty());
    return 0;
  }
  http::Request request;
  request.peer = "10.0.0.1";
  request.headers = {{"Host", "a.example"}, {"Cookie", "a=b"}, {"X-A", "b"}};
  for (const std::string_view path : {"/", "/a", "/a/1", "/orders/1/x"}) {
    request.target = request.path = path;
    const gateway::Route* route = table->find(request);
    promise(route == nullptr || !route->id.empty());
  }
  return 0;
}
