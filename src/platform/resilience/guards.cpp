#include "platform/resilience/guards.hpp"

#include <utility>

namespace baedal::resilience {

void Guards::show(CircuitBreaker& breaker) {
  const std::lock_guard lock(mutex_);
  breakers_[breaker.name()] = nullptr;
  add_meters(breaker);
}

void Guards::show(const std::string& name, const Bulkhead& bulkhead) {
  const auto meter = [&](const char* what, const char* text) {
    return metrics::MeterId{
        "resilience4j.bulkhead." + std::string{what}, {}, text, {{"name", name}}};
  };
  const std::lock_guard lock(mutex_);
  registrations_.push_back(
      metrics_.gauge(meter("available.concurrent.calls", "Calls that could begin now"),
                     [&bulkhead] { return static_cast<double>(bulkhead.available()); }));
  registrations_.push_back(
      metrics_.gauge(meter("max.allowed.concurrent.calls", "Calls that may be under way"),
                     [&bulkhead] { return static_cast<double>(bulkhead.concurrent_calls_max()); }));
  registrations_.push_back(
      metrics_.counter(meter("refused.calls", "Calls refused, since too many were under way"),
                       [&bulkhead] { return static_cast<double>(bulkhead.refused()); }));
  health_.add(name + "Bulkhead", [&bulkhead] {
    health::Check check;
    check.details.set("availableConcurrentCalls", std::int64_t{bulkhead.available()});
    check.details.set("maxAllowedConcurrentCalls", std::int64_t{bulkhead.concurrent_calls_max()});
    check.details.set("refusedCalls", static_cast<std::int64_t>(bulkhead.refused()));
    return check;
  });
}

std::shared_ptr<CircuitBreaker> Guards::breaker(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const auto known = breakers_.find(name);
  const bool taken = known != breakers_.end() && !known->second;
  auto& breaker = breakers_[taken ? "route-" + name : name];
  if (breaker) return breaker;
  breaker = std::make_shared<CircuitBreaker>(taken ? "route-" + name : name, options_, clock_);
  add_meters(*breaker);
  return breaker;
}

void Guards::add_meters(CircuitBreaker& breaker) {
  breaker_meters_.push_back(std::make_unique<CircuitBreakerMeters>(metrics_, breaker));
  health_.add(breaker.name() + "Breaker", [&breaker] { return check_of(breaker); });
}

std::shared_ptr<RateLimiter> Guards::rate_limiter(const std::string& name,
                                                  const RateLimiterOptions& options) {
  const std::string key = name + " " + std::to_string(options.replenish_rate) + " " +
                          std::to_string(options.burst_capacity) + " " +
                          std::to_string(options.requested_tokens);
  const std::lock_guard lock(mutex_);
  std::erase_if(limiters_, [](const auto& entry) { return entry.second.expired(); });
  auto limiter = limiters_[key].lock();
  if (!limiter) limiter = std::make_shared<RateLimiter>(options, clock_);
  limiters_[key] = limiter;
  return limiter;
}

}  // namespace baedal::resilience
