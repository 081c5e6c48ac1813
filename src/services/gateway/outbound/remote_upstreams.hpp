#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "kernel/async/sync.hpp"
#include "platform/http/trusted_proxies.hpp"
#include "platform/http/upstream/upstream_client.hpp"
#include "platform/resilience/circuit_breaker.hpp"
#include "services/gateway/outbound/instance_set.hpp"
#include "services/gateway/routing/upstream.hpp"

namespace baedal::gateway {

struct RemoteUpstreamOptions {
  std::chrono::milliseconds connect_timeout{2'000};
  std::chrono::milliseconds response_timeout{30'000};  ///< 0: none
  Ejection ejection{};
  std::chrono::milliseconds check_interval{2'000};  ///< 0: no active checks
  std::chrono::milliseconds check_timeout{1'000};
  std::string check_path = "/actuator/health/readiness";
  /// Gives the circuit breaker of that name, "gateway-order": one for each service, kept over
  /// changes of the routes. Empty: none.
  std::function<std::shared_ptr<resilience::CircuitBreaker>(const std::string& name)> breaker{};
  /// URLs of the instances of a service, by its name: for lb://name, and for http://name:port when
  /// the name is here.
  std::map<std::string, std::vector<std::string>> instances{};
};

/// Services in other processes: over pooled connections, to the instance with the fewest requests
/// in hand. One that cannot be connected to is passed over, since nothing was processed there; one
/// that fails is left alone for a while; a service that gives no answers is not asked while its
/// circuit breaker is open. Any I/O thread.
class RemoteUpstreams final : public Upstreams {
 public:
  /// `client` and `clock` outlive it. From `proxies` the forwarding headers of a request are
  /// carried on; anybody else's are replaced.
  RemoteUpstreams(http::UpstreamSender& client, const Clock& clock, http::TrustedProxies proxies,
                  RemoteUpstreamOptions options);
  ~RemoteUpstreams() override;

  /// Null when the route's URLs are none. What was found stays, with what is known of its
  /// instances, over changes of the routes, as long as one of them goes there.
  [[nodiscard]] std::shared_ptr<Upstream> find(const Route& route) override;

  /// Begins to look after instances that have others beside them; on the current executor.
  void start();
  Task<void> stop();

 private:
  class RemoteUpstream;
  [[nodiscard]] std::vector<std::string> urls_of(const Route& route) const;
  Task<void> check_for_ever();
  Task<void> check_all();
  Task<void> check(std::shared_ptr<InstanceSet> set, std::size_t index);

  http::UpstreamSender& client_;
  const Clock& clock_;
  const http::TrustedProxies proxies_;
  const RemoteUpstreamOptions options_;
  std::mutex mutex_;
  std::map<std::string, std::weak_ptr<RemoteUpstream>> by_urls_;  ///< guarded by mutex_
  std::shared_ptr<Event> wake_;
  bool stopping_ = false;
  bool running_ = false;
  Event ended_;
};

}  // namespace baedal::gateway
