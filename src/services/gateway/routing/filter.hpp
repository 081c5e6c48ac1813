#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/clock.hpp"
#include "platform/http/handler.hpp"
#include "platform/resilience/circuit_breaker.hpp"
#include "platform/resilience/rate_limiter.hpp"
#include "services/gateway/routing/arguments.hpp"
#include "services/gateway/routing/upstream.hpp"

namespace baedal::gateway {

/// One request on its way through the filters of its route, and what they made of it. The request's
/// views may point to `texts`.
struct Exchange {
  http::Request& request;
  const Route& route;
  ForwardOptions options{};
  std::string_view matched_path = request.path;  ///< what the route's pattern has matched
  std::deque<std::string> texts{};

  std::string_view keep(std::string text) { return texts.emplace_back(std::move(text)); }
  void set_path(std::string path);
  void set_query(std::string query);
  void set_target(std::string path, std::string query);
  /// `text` with `{name}` replaced by that segment of the path as it came, whatever filters have
  /// made of it, by the names in the route's pattern.
  [[nodiscard]] std::string expand(const std::string& text) const;
};

/// What filters may change of a request, to bring it back as it was.
class RequestViews {
 public:
  explicit RequestViews(const http::Request& request)
      : target_(request.target),
        path_(request.path),
        query_(request.query),
        headers_(request.headers) {}
  void restore(http::Request& request) const {
    request.target = target_;
    request.path = path_;
    request.query = query_;
    request.headers = headers_;
  }

 private:
  std::string_view target_, path_, query_;
  std::vector<http::HeaderView> headers_;
};

class FilterChain;

/// One step around the upstream. Immutable but for what it counts: any thread.
class Filter {
 public:
  virtual ~Filter() = default;
  /// Changes the request; an answer ends it here.
  virtual std::optional<http::Response> before(Exchange&) const { return std::nullopt; }
  /// Changes the answer.
  virtual void after(Exchange&, http::Response&) const {}
  /// Whether apply() stands in for the rest of the chain.
  [[nodiscard]] virtual bool wraps() const { return false; }
  /// Runs the rest of the chain, `rest` on, as often as it likes.
  virtual Task<http::Response> apply(Exchange& exchange, const FilterChain& rest, std::size_t at,
                                     Upstream& upstream) const;
  /// "[[StripPrefix parts = '1'], order = 1]"
  [[nodiscard]] virtual std::string describe() const = 0;
};

using FilterPointer = std::shared_ptr<const Filter>;

/// The filters of a route in their order, then the upstream.
class FilterChain {
 public:
  explicit FilterChain(std::vector<FilterPointer> filters) : filters_(std::move(filters)) {}
  Task<http::Response> run(Exchange& exchange, Upstream& upstream, std::size_t at = 0) const;
  [[nodiscard]] const std::vector<FilterPointer>& filters() const { return filters_; }

 private:
  std::vector<FilterPointer> filters_;
};

/// What filters are made with; all of it outlives them.
struct FilterTools {
  const Clock& clock;
  std::function<double()> random{};  ///< draws from [0, 1)
  /// The circuit breaker of that name: the same one for every route, and over changes of them.
  std::function<std::shared_ptr<resilience::CircuitBreaker>(const std::string& name)> breaker{};
  /// The rate limiter of that name and with these options, kept over changes of the routes as well;
  /// empty: each filter has its own.
  std::function<std::shared_ptr<resilience::RateLimiter>(
      const std::string& name, const resilience::RateLimiterOptions& options)>
      rate_limiter{};
  /// What each client may ask of each route that has no limiter of its own; nullopt: anything.
  std::optional<resilience::RateLimiterOptions> rate_limit{};
  /// Has a request answered by the gateway again, for `forward:/…`.
  std::function<Task<http::Response>(http::Request&)> dispatch{};
  std::string route{};  ///< the id of the route whose filters are made
};

/// kInvalid, saying what is wrong, for an unknown name or bad arguments.
[[nodiscard]] Result<FilterPointer> make_filter(const std::string& name, Arguments arguments,
                                                const FilterTools& tools);
[[nodiscard]] std::span<const std::string_view> filter_names();

}  // namespace baedal::gateway
