#include "services/gateway/routing/rate_limit_filter.hpp"

#include <chrono>
#include <string>

#include "platform/http/client_network.hpp"
#include "platform/http/problem.hpp"
#include "platform/resilience/rate_limiter.hpp"

namespace baedal::gateway {
namespace {

/// A token bucket per caller. The caller is the client's address (of IPv6 the /64), as trusted
/// proxies forward it, or a header's value.
class RateLimitFilter final : public Filter {
 public:
  RateLimitFilter(Arguments& arguments, const FilterTools& tools) {
    arguments.order({"redis-rate-limiter.replenishRate", "redis-rate-limiter.burstCapacity",
                     "redis-rate-limiter.requestedTokens", "key-header"});
    resilience::RateLimiterOptions options;
    const auto number = [&](std::string_view name, std::optional<std::int64_t> otherwise,
                            std::int64_t min) {
      constexpr std::int64_t kMax = 1'000'000;
      return static_cast<std::uint32_t>(arguments.integer(name, otherwise, min, kMax));
    };
    options.replenish_rate = number("redis-rate-limiter.replenishRate", std::nullopt, 1);
    options.burst_capacity =
        number("redis-rate-limiter.burstCapacity", std::int64_t{options.replenish_rate}, 0);
    options.requested_tokens = number("redis-rate-limiter.requestedTokens", 1, 1);
    key_header_ = arguments.find("key-header").value_or("");
    deny_empty_key_ = arguments.find("deny-empty-key").value_or("true") == "true";
    text_ = "RequestRateLimiter " + arguments.shown();
    limiter_ = tools.rate_limiter ? tools.rate_limiter(tools.route + " " + text_, options)
                                  : std::make_shared<resilience::RateLimiter>(options, tools.clock);
  }

  [[nodiscard]] bool wraps() const override { return true; }
  [[nodiscard]] std::string describe() const override { return text_; }

  Task<http::Response> apply(Exchange& exchange, const FilterChain& rest, std::size_t at,
                             Upstream& upstream) const override {
    const http::Request& request = exchange.request;
    const std::string key = key_of(request);
    if (key.empty() && deny_empty_key_) {
      co_return http::problem(403, "no-rate-limit-key",
                              "The request lacks what its rate is limited by.", request);
    }
    resilience::RateLimiter::Verdict verdict{true, limiter_->options().burst_capacity};
    if (!key.empty()) verdict = limiter_->try_take(key);
    http::Response response;
    if (verdict.allowed) {
      auto passing = rest.run(exchange, upstream, at);
      response = co_await passing;
    } else {
      response = refuse(request, verdict.wait);
    }
    const resilience::RateLimiterOptions& options = limiter_->options();
    response.with("X-RateLimit-Remaining", std::to_string(verdict.remaining));
    response.with("X-RateLimit-Requested-Tokens", std::to_string(options.requested_tokens));
    response.with("X-RateLimit-Burst-Capacity", std::to_string(options.burst_capacity));
    response.with("X-RateLimit-Replenish-Rate", std::to_string(options.replenish_rate));
    co_return response;
  }

 private:
  [[nodiscard]] std::string key_of(const http::Request& request) const {
    if (key_header_.empty()) return http::client_network(request.client());
    return std::string{request.header(key_header_).value_or("")};
  }

  static http::Response refuse(const http::Request& request, std::chrono::nanoseconds wait) {
    http::Response response = http::problem(
        429, "too-many-requests", "More requests came than may come from one client.", request);
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait);
    if (seconds.count() > 0) response.with("Retry-After", std::to_string(seconds.count()));
    return response;
  }

  std::shared_ptr<resilience::RateLimiter> limiter_;
  std::string key_header_;
  bool deny_empty_key_ = true;
  std::string text_;
};

}  // namespace

FilterPointer make_rate_limit_filter(Arguments& arguments, const FilterTools& tools) {
  return std::make_shared<const RateLimitFilter>(arguments, tools);
}

FilterPointer make_usual_rate_limit(const FilterTools& tools) {
  const auto text = [](std::uint32_t number) { return std::to_string(number); };
  Arguments arguments = Arguments::named(
      {{"redis-rate-limiter.replenishRate", text(tools.rate_limit->replenish_rate)},
       {"redis-rate-limiter.burstCapacity", text(tools.rate_limit->burst_capacity)}});
  return make_rate_limit_filter(arguments, tools);
}

}  // namespace baedal::gateway
