#include "services/gateway/routing/guard_filters.hpp"

#include <algorithm>
#include <array>

#include "kernel/async/executor.hpp"
#include "kernel/text.hpp"
#include "platform/http/problem.hpp"
#include "platform/resilience/circuit_breaker.hpp"
#include "platform/resilience/retry_policy.hpp"
#include "services/gateway/routing/header_filters.hpp"
#include "services/gateway/routing/rate_limit_filter.hpp"

namespace baedal::gateway {
namespace {

using namespace std::chrono_literals;

std::vector<int> statuses_of(Arguments& arguments, std::string_view name) {
  std::vector<int> statuses;
  for (const std::string& word : arguments.list(name)) {
    const int status = parse_status(word);
    if (status == 0) arguments.reject("knows no status " + word);
    statuses.push_back(status);
  }
  return statuses;
}

/// Tries again what may be tried again: by default a GET that was answered 5xx, three times, at
/// once (as Spring Cloud Gateway does).
class RetryFilter final : public Filter {
 public:
  RetryFilter(Arguments& arguments, std::function<double()> random) : random_(std::move(random)) {
    arguments.order({"retries", "statuses", "methods", "backoff.firstBackoff", "backoff.maxBackoff",
                     "backoff.factor", "backoff.basedOnPreviousValue"});
    const std::int64_t retries = arguments.integer("retries", 3, 0, 10);
    policy_.attempts_max = static_cast<std::uint32_t>(retries) + 1;
    statuses_ = statuses_of(arguments, "statuses");
    read_series(arguments);
    methods_ = arguments.list("methods");
    if (methods_.empty()) methods_ = {"GET"};
    policy_.wait_duration = arguments.duration("backoff.firstBackoff", 0ms);
    policy_.wait_duration_max = arguments.duration("backoff.maxBackoff", 60s);
    policy_.exponential_backoff_multiplier =
        static_cast<double>(arguments.integer("backoff.factor", 2, 1, 100));
    policy_.randomized_wait_factor = 0.5;
    (void)arguments.find("backoff.basedOnPreviousValue");
    (void)arguments.find("exceptions");
    text_ = "Retry " + arguments.shown();
  }

  [[nodiscard]] bool wraps() const override { return true; }
  [[nodiscard]] std::string describe() const override { return text_; }

  Task<http::Response> apply(Exchange& exchange, const FilterChain& rest, std::size_t at,
                             Upstream& upstream) const override {
    const RequestViews before{exchange.request};
    for (std::uint32_t attempt = 1;; ++attempt) {
      auto trying = rest.run(exchange, upstream, at);
      http::Response response = co_await trying;
      if (!policy_.may_try_again(attempt) || !worth_it(exchange.request, response)) {
        co_return response;
      }
      const auto pause = policy_.pause_after(attempt, random_());
      if (pause.count() > 0) co_await sleep_for(pause);
      before.restore(exchange.request);
    }
  }

 private:
  /// "SERVER_ERROR", "CLIENT_ERROR", …: by their first digits.
  void read_series(Arguments& arguments) {
    constexpr std::array<std::string_view, 5> kSeries{"INFORMATIONAL", "SUCCESSFUL", "REDIRECTION",
                                                      "CLIENT_ERROR", "SERVER_ERROR"};
    if (!arguments.find("series")) return;
    series_.clear();
    for (const std::string& word : arguments.list("series")) {
      const auto known = std::ranges::find(kSeries, word);
      if (known == kSeries.end()) arguments.reject("knows no series " + word);
      series_.push_back(static_cast<int>(known - kSeries.begin()) + 1);
    }
  }

  [[nodiscard]] bool worth_it(const http::Request& request, const http::Response& response) const {
    if (request.stream) return false;  // it has been read
    const bool method = std::ranges::any_of(
        methods_, [&](const std::string& each) { return each == request.method_text; });
    const bool named = std::ranges::find(statuses_, response.status) != statuses_.end();
    const bool of_series = std::ranges::find(series_, response.status / 100) != series_.end();
    return method && (named || of_series);
  }

  resilience::RetryPolicy policy_;
  std::vector<int> statuses_;
  std::vector<std::string> methods_;
  std::vector<int> series_{5};
  std::function<double()> random_;
  std::string text_;
};

/// Attributes of a request that goes to a fallback.
constexpr std::string_view kFallback = "gateway.fallback";
constexpr std::string_view kFailure = "gateway.failure";

const std::string* attribute(const http::Request& request, std::string_view name) {
  for (const auto& [key, value] : request.attributes) {
    if (key == name) return &value;
  }
  return nullptr;
}

/// Refuses while the upstream fails; answers with a fallback when there is one.
class CircuitBreakerFilter final : public Filter {
 public:
  CircuitBreakerFilter(Arguments& arguments, const FilterTools& tools) : dispatch_(tools.dispatch) {
    arguments.order({"name", "fallbackUri"});
    const std::string name = arguments.text("name");
    if (const auto uri = arguments.find("fallbackUri")) {
      constexpr std::string_view kForward = "forward:";
      if (!uri->starts_with("forward:/")) arguments.reject("needs forward:/… as its fallbackUri");
      fallback_ = uri->substr(std::min(kForward.size(), uri->size()));
    }
    statuses_ = statuses_of(arguments, "statusCodes");
    time_limit_ = arguments.duration("timeoutDuration", 1s);
    text_ = "CircuitBreaker " + arguments.shown();
    breaker_ = tools.breaker(name);
  }

  [[nodiscard]] bool wraps() const override { return true; }
  [[nodiscard]] std::string describe() const override { return text_; }

  Task<http::Response> apply(Exchange& exchange, const FilterChain& rest, std::size_t at,
                             Upstream& upstream) const override {
    const RequestViews before{exchange.request};
    std::string_view failure;
    http::Response response;
    if (auto permission = breaker_->try_acquire()) {
      exchange.options.response_timeout = time_limit_;
      exchange.options.failure = &failure;
      auto trying = rest.run(exchange, upstream, at);
      response = co_await trying;
      exchange.options.failure = nullptr;
      const bool named = std::ranges::find(statuses_, response.status) != statuses_.end();
      if (failure.empty() && named) failure = "bad status";
      if (failure == kClientFailed) {
        permission->ignored();
        co_return response;
      }
      failure.empty() ? permission->succeeded() : permission->failed();
    } else {
      failure = "circuit open";
      response = http::problem(breaker_->refusal().error(), exchange.request);
    }
    if (failure.empty() || fallback_.empty() || attribute(exchange.request, kFallback)) {
      co_return response;
    }
    before.restore(exchange.request);
    auto falling = fall_back(exchange, failure);
    co_return co_await falling;
  }

 private:
  Task<http::Response> fall_back(Exchange& exchange, std::string_view failure) const {
    exchange.request.attributes.emplace_back(kFallback, breaker_->name());
    exchange.request.attributes.emplace_back(kFailure, failure);
    // Of a body on its way the upstream may have read a part.
    exchange.request.stream.reset();
    exchange.request.stream_length.reset();
    std::string target = exchange.expand(fallback_);
    const std::size_t mark = target.find('?');
    std::string query = mark == std::string::npos ? "" : target.substr(mark + 1);
    exchange.set_target(target.substr(0, mark), std::move(query));
    auto dispatching = dispatch_(exchange.request);
    co_return co_await dispatching;
  }

  std::shared_ptr<resilience::CircuitBreaker> breaker_;
  std::string fallback_;
  std::vector<int> statuses_;
  std::chrono::milliseconds time_limit_{};
  std::function<Task<http::Response>(http::Request&)> dispatch_;
  std::string text_;
};

/// Tells a fallback why it is asked.
FilterPointer make_fallback_headers(const std::string& name, Arguments& arguments) {
  const auto header = [&](std::string_view argument, std::string_view otherwise) {
    return arguments.find(argument).value_or(std::string{otherwise});
  };
  const std::string type = header("executionExceptionTypeHeaderName", "Execution-Exception-Type");
  const std::string message =
      header("executionExceptionMessageHeaderName", "Execution-Exception-Message");
  const std::string root_type =
      header("rootCauseExceptionTypeHeaderName", "Root-Cause-Exception-Type");
  const std::string root_message =
      header("rootCauseExceptionMessageHeaderName", "Root-Cause-Exception-Message");
  auto before = [=](Exchange& exchange) -> std::optional<http::Response> {
    const std::string* failure = attribute(exchange.request, kFailure);
    if (failure == nullptr) return std::nullopt;
    const std::string_view why = exchange.keep(*failure);
    for (const std::string& each : {type, root_type}) {
      exchange.request.headers.push_back({exchange.keep(each), "UpstreamFailure"});
    }
    for (const std::string& each : {message, root_message}) {
      exchange.request.headers.push_back({exchange.keep(each), why});
    }
    return std::nullopt;
  };
  return std::make_shared<const FunctionFilter>(before, nullptr, name + " " + arguments.shown());
}

}  // namespace

FilterPointer make_guard_filter(const std::string& name, Arguments& arguments,
                                const FilterTools& tools) {
  if (name == "Retry") return std::make_shared<const RetryFilter>(arguments, tools.random);
  if (name == "CircuitBreaker" || name == "Hystrix") {
    return std::make_shared<const CircuitBreakerFilter>(arguments, tools);
  }
  if (name == "LocalResponseCache") return make_response_cache_filter(arguments, tools.clock);
  if (name == "FallbackHeaders") return make_fallback_headers(name, arguments);
  if (name == "RequestRateLimiter") return make_rate_limit_filter(arguments, tools);
  return nullptr;
}

}  // namespace baedal::gateway
