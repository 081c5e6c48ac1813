#include "platform/resilience/meters.hpp"

#include <algorithm>
#include <string>

#include "platform/log/log.hpp"

namespace baedal::resilience {
namespace {

metrics::MeterId meter(std::string_view what, const CircuitBreaker& breaker, std::string text,
                       metrics::Tags tags = {}) {
  tags.emplace_back("name", breaker.name());
  return {"resilience4j.circuitbreaker." + std::string{what}, {}, std::move(text), std::move(tags)};
}

std::string lower(std::string_view text) {
  std::string out{text};
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  return out;
}

}  // namespace

CircuitBreakerMeters::CircuitBreakerMeters(metrics::Registry& registry, CircuitBreaker& breaker)
    : registry_(registry), breaker_(breaker) {
  add_states();
  add_rates();
  add_calls();
  breaker.set_listener(this);
}

void CircuitBreakerMeters::add_states() {
  for (const CircuitState state : kCircuitStates) {
    registrations_.push_back(registry_.gauge(
        meter("state", breaker_, "1 for the state it is in", {{"state", lower(to_string(state))}}),
        [this, state] { return breaker_.state() == state ? 1.0 : 0.0; }));
  }
}

void CircuitBreakerMeters::add_rates() {
  registrations_.push_back(registry_.gauge(
      meter("failure.rate", breaker_, "Failed calls in percent; -1 when there are too few"),
      [this] { return breaker_.stats().failure_rate; }));
  registrations_.push_back(registry_.gauge(
      meter("slow.call.rate", breaker_, "Slow calls in percent; -1 when there are too few"),
      [this] { return breaker_.stats().slow_call_rate; }));
}

void CircuitBreakerMeters::add_calls() {
  const auto gauge = [&](std::string_view what, std::string text, const char* kind, auto read) {
    registrations_.push_back(registry_.gauge(
        meter(what, breaker_, std::move(text), {{"kind", kind}}),
        [this, read] { return static_cast<double>(read(breaker_.stats().buffered)); }));
  };
  constexpr const char* kBuffered = "Calls in the sliding window";
  gauge("buffered.calls", kBuffered, "successful",
        [](const CallTotals& t) { return t.calls - t.failed; });
  gauge("buffered.calls", kBuffered, "failed", [](const CallTotals& t) { return t.failed; });
  constexpr const char* kSlow = "Slow calls in the sliding window";
  gauge("slow.calls", kSlow, "successful",
        [](const CallTotals& t) { return t.slow - t.slow_failed; });
  gauge("slow.calls", kSlow, "failed", [](const CallTotals& t) { return t.slow_failed; });
  registrations_.push_back(registry_.counter(
      meter("not.permitted.calls", breaker_, "Calls refused", {{"kind", "not_permitted"}}),
      [this] { return static_cast<double>(breaker_.stats().not_permitted); }));
  const std::array kinds{"successful", "failed", "ignored"};
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    calls_.at(i) = &registry_.timer(
        meter("calls", breaker_, "Calls made, by outcome", {{"kind", kinds.at(i)}}));
  }
}

void CircuitBreakerMeters::on_call(CallKind kind, std::chrono::nanoseconds duration) {
  calls_.at(static_cast<std::size_t>(kind))->record(duration, std::chrono::steady_clock::now());
}

void CircuitBreakerMeters::on_transition(CircuitState from, CircuitState to) {
  const bool refuses = to == CircuitState::kOpen || to == CircuitState::kForcedOpen;
  log::write(refuses ? log::Level::kWarn : log::Level::kInfo, "resilience",
             "circuit breaker changed",
             {{"name", breaker_.name()}, {"from", to_string(from)}, {"to", to_string(to)}});
}

health::Check check_of(CircuitBreaker& breaker) {
  const CircuitBreakerStats stats = breaker.stats();
  health::Check check;
  check.details.set("state", to_string(stats.state));
  check.details.set("failureRate", stats.failure_rate);
  check.details.set("failureRateThreshold", breaker.options().failure_rate_threshold);
  check.details.set("slowCallRate", stats.slow_call_rate);
  check.details.set("slowCallRateThreshold", breaker.options().slow_call_rate_threshold);
  check.details.set("bufferedCalls", std::int64_t{stats.buffered.calls});
  check.details.set("failedCalls", std::int64_t{stats.buffered.failed});
  check.details.set("slowCalls", std::int64_t{stats.buffered.slow});
  check.details.set("notPermittedCalls", static_cast<std::int64_t>(stats.not_permitted));
  return check;
}

}  // namespace baedal::resilience
