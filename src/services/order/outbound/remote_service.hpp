#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "platform/http/upstream/upstream_client.hpp"
#include "platform/resilience/bulkhead.hpp"
#include "platform/resilience/circuit_breaker.hpp"

namespace baedal::order {

/// How another service is called when it runs in another process.
struct RemoteOptions {
  std::string name;                     ///< "delivery": of the service and of its breaker
  std::vector<http::Origin> instances;  ///< at least one
  std::chrono::milliseconds connect_timeout{500};
  std::chrono::milliseconds time_limit{1'000};  ///< of one answer, from the request's first byte
  std::uint32_t concurrent_calls_max = 512;
  resilience::CircuitBreakerOptions breaker;
};

/// Calls to one other service: bounded in number and time, behind a circuit breaker, spread over
/// its instances. An instance that cannot be connected to is passed over, since nothing was
/// processed; nothing else is ever sent twice here. Any I/O thread.
class RemoteService {
 public:
  /// Both outlive it.
  RemoteService(RemoteOptions options, http::UpstreamClient& client, const Clock& clock);

  /// An answer below 500. kUnavailable otherwise, with when to try again, and no address in it;
  /// kOverloaded when too many calls are under way.
  Task<Result<http::Response>> call(http::UpstreamRequest request);

  [[nodiscard]] resilience::CircuitBreaker& breaker() { return breaker_; }
  [[nodiscard]] const resilience::Bulkhead& bulkhead() const { return bulkhead_; }
  [[nodiscard]] const std::string& name() const { return options_.name; }

  /// The error of a call without a usable answer.
  [[nodiscard]] std::unexpected<Error> cannot_answer() const;

 private:
  Task<http::UpstreamAnswer> send(const http::UpstreamRequest& request);

  const RemoteOptions options_;
  http::UpstreamClient& client_;
  resilience::CircuitBreaker breaker_;
  resilience::Bulkhead bulkhead_;
  std::atomic<std::uint32_t> turn_{0};
};

}  // namespace baedal::order
