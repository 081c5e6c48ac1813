#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "platform/http/upstream/upstream_client.hpp"
#include "platform/resilience/bulkhead.hpp"
#include "platform/resilience/circuit_breaker.hpp"
#include "platform/resilience/retry_policy.hpp"

namespace baedal::order {

/// How another service is called when it runs in another process.
struct RemoteOptions {
  std::string name;                     ///< "delivery": of the service and of its breaker
  std::vector<http::Origin> instances;  ///< at least one
  std::chrono::milliseconds connect_timeout{500};
  std::chrono::milliseconds time_limit{1'000};  ///< of one call, whatever it takes to make it
  std::uint32_t concurrent_calls_max = 512;
  /// Of a call that has surely not been processed: by no instance, since none could be connected
  /// to.
  resilience::RetryPolicy retry{.attempts_max = 1};
  resilience::CircuitBreakerOptions breaker;
  /// What each call says of who makes it, as "Bearer …"; none: nothing. Any thread.
  std::function<std::shared_ptr<const std::string>()> authorization{};
};

/// What became of the calls so far, as operators see it.
struct RemoteCounts {
  std::atomic<std::uint64_t> timed_out{0};     ///< given up at the time limit
  std::atomic<std::uint64_t> retried_well{0};  ///< answered, after another try
  std::atomic<std::uint64_t> retried_in_vain{0};
};

/// Calls to one other service: bounded in number and time, behind a circuit breaker, spread over
/// its instances. An instance that cannot be connected to is passed over, since nothing was
/// processed; when none can, all are tried again after a pause with jitter. Nothing else is ever
/// sent twice here. Any I/O thread.
class RemoteService {
 public:
  /// Both outlive it. `random` draws from [0, 1).
  RemoteService(RemoteOptions options, http::UpstreamSender& client, const Clock& clock,
                std::function<double()> random);

  /// An answer below 500. kUnavailable otherwise, with when to try again, and no address in it;
  /// kOverloaded when too many calls are under way.
  Task<Result<http::Response>> call(http::UpstreamRequest request);

  [[nodiscard]] resilience::CircuitBreaker& breaker() { return breaker_; }
  [[nodiscard]] const resilience::Bulkhead& bulkhead() const { return bulkhead_; }
  [[nodiscard]] const RemoteCounts& counts() const { return counts_; }
  [[nodiscard]] const std::string& name() const { return options_.name; }

  /// The error of a call without a usable answer.
  [[nodiscard]] std::unexpected<Error> cannot_answer() const;

 private:
  using TimePoint = std::chrono::steady_clock::time_point;
  Task<http::UpstreamAnswer> send(http::UpstreamRequest& request);
  Task<http::UpstreamAnswer> try_instances(http::UpstreamRequest& request, TimePoint end);

  const RemoteOptions options_;
  http::UpstreamSender& client_;
  const Clock& clock_;
  const std::function<double()> random_;
  resilience::CircuitBreaker breaker_;
  resilience::Bulkhead bulkhead_;
  RemoteCounts counts_;
  std::atomic<std::uint32_t> turn_{0};
};

}  // namespace baedal::order
