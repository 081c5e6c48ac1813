#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "platform/health/health.hpp"
#include "platform/metrics/registry.hpp"
#include "platform/resilience/bulkhead.hpp"
#include "platform/resilience/circuit_breaker.hpp"
#include "platform/resilience/meters.hpp"
#include "platform/resilience/rate_limiter.hpp"

namespace baedal::resilience {

/// The guards of a process that are known by name: made when first asked for, the same one for
/// whoever asks again (a configuration that is read anew keeps what was learnt), and visible in
/// metrics, health and the log. Any thread.
class Guards {
 public:
  /// All outlive it.
  Guards(metrics::Registry& metrics, health::HealthRegistry& health, const Clock& clock,
         const CircuitBreakerOptions& options)
      : metrics_(metrics), health_(health), clock_(clock), options_(options) {}

  /// Makes a breaker visible that somebody else owns, who outlives this; its name is taken.
  void show(CircuitBreaker& breaker);
  /// The same for the bulkhead before the calls of that name.
  void show(const std::string& name, const Bulkhead& bulkhead);

  /// The circuit breaker of that name; of "route-" and the name when somebody else's has it.
  [[nodiscard]] std::shared_ptr<CircuitBreaker> breaker(const std::string& name);
  /// The rate limiter of that name, as long as somebody keeps it. `options` are part of its name.
  [[nodiscard]] std::shared_ptr<RateLimiter> rate_limiter(const std::string& name,
                                                          const RateLimiterOptions& options);

 private:
  void add_meters(CircuitBreaker& breaker);

  metrics::Registry& metrics_;
  health::HealthRegistry& health_;
  const Clock& clock_;
  const CircuitBreakerOptions options_;
  std::mutex mutex_;
  // Guarded by mutex_:
  std::map<std::string, std::shared_ptr<CircuitBreaker>> breakers_;  ///< null: somebody else's
  std::map<std::string, std::weak_ptr<RateLimiter>> limiters_;
  std::vector<std::unique_ptr<CircuitBreakerMeters>> breaker_meters_;
  std::vector<metrics::Registration> registrations_;
};

}  // namespace baedal::resilience
