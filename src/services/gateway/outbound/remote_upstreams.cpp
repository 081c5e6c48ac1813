#include "services/gateway/outbound/remote_upstreams.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "kernel/assert.hpp"
#include "platform/http/problem.hpp"
#include "platform/log/log.hpp"
#include "services/gateway/outbound/forwarded_headers.hpp"
#include "services/gateway/outbound/in_hand.hpp"

namespace baedal::gateway {
namespace {

/// Whether doing it twice is the same as doing it once.
bool is_repeatable(const http::Request& request) {
  switch (request.method) {
    case http::Method::kGet:
    case http::Method::kHead:
    case http::Method::kPut:
    case http::Method::kDelete:
    case http::Method::kOptions:
      return true;
    case http::Method::kPost:
    case http::Method::kPatch:
    case http::Method::kOther:
      return request.header("Idempotency-Key").has_value();
  }
  return false;
}

/// What an instance in good health does not answer. Other errors are about the request.
bool is_failure(int status) {
  return status == 500 || status == 502 || status == 503 || status == 504;
}

std::string_view why(http::UpstreamFailure failure) {
  return failure == http::UpstreamFailure::kRequestBroken ? kClientFailed : to_string(failure);
}

/// An answer, of whatever status, shows that the service is there; what it says is its own affair.
void judge(resilience::CircuitBreaker::Permission& permission, const http::UpstreamAnswer& answer) {
  if (answer) return permission.succeeded();
  const bool ours = answer.error() == http::UpstreamFailure::kRequestBroken ||
                    answer.error() == http::UpstreamFailure::kTooManyConnections;
  ours ? permission.ignored() : permission.failed();
}

/// The gateway's own answer when the upstream gave none. Says nothing of where it is.
http::Response answer_for(http::UpstreamFailure failure, const http::Request& request) {
  switch (failure) {
    case http::UpstreamFailure::kTimedOut:
      return http::problem(504, "upstream-timeout",
                           "The service behind this path did not answer in time.", request);
    case http::UpstreamFailure::kBroken:
    case http::UpstreamFailure::kBadAnswer:
      return http::problem(502, "bad-upstream-answer",
                           "The service behind this path broke off its answer.", request);
    case http::UpstreamFailure::kRequestBroken:
      return http::problem(400, "request-cut-short", "The request ended too early.", request);
    case http::UpstreamFailure::kNoAddress:
    case http::UpstreamFailure::kNotConnected:
    case http::UpstreamFailure::kTooManyConnections:
      break;
  }
  http::Response response = http::problem(
      503, "service-unavailable", "The service behind this path cannot be reached now.", request);
  response.with("Retry-After", "1");
  return response;
}

}  // namespace

class RemoteUpstreams::RemoteUpstream final : public Upstream {
 public:
  RemoteUpstream(const RemoteUpstreams& owner, std::vector<http::Origin> origins,
                 std::shared_ptr<resilience::CircuitBreaker> breaker)
      : owner_(owner),
        set_(std::make_shared<InstanceSet>(std::move(origins), owner.options_.ejection,
                                           owner.clock_)),
        breaker_(std::move(breaker)) {}

  Task<http::Response> forward(const Route& route, http::Request& request,
                               ForwardOptions options) override {
    auto permission = breaker_ ? breaker_->try_acquire()
                               : std::optional<resilience::CircuitBreaker::Permission>{};
    if (breaker_ && !permission) {
      if (options.failure != nullptr) *options.failure = "circuit open";
      co_return http::problem(breaker_->refusal().error(), request);
    }
    const ForwardedHeaders forwarded(request, options.prefix, owner_.proxies_.trusts(request.peer));
    const http::UpstreamRequest out = request_of(route, request, options, forwarded);
    http::UpstreamAnswer answer = std::unexpected(http::UpstreamFailure::kNotConnected);
    InstanceSet::Tried tried = 0;
    // One instance after the other, as long as it is sure that none has processed anything.
    while (Instance* instance = choose(route, request, tried)) {
      InHand in_hand(set_, *instance);
      auto sending = owner_.client_.send(instance->origin, out);
      answer = co_await sending;
      if (answer) {
        is_failure(answer->status) ? set_->failed(*instance, true) : set_->succeeded(*instance);
        hold_on(*answer, std::move(in_hand));
        break;
      }
      if (!may_try_another(route, *instance, answer.error())) break;
    }
    if (permission) judge(*permission, answer);
    if (options.failure != nullptr) {
      *options.failure = answer ? std::string_view{} : why(answer.error());
    }
    if (!answer) co_return answer_for(answer.error(), request);
    co_return std::move(*answer);
  }

  [[nodiscard]] std::vector<InstanceState> instances() const override {
    std::vector<InstanceState> states;
    for (const auto& instance : set_->instances()) {
      states.push_back({instance->origin.authority, set_->available(*instance)});
    }
    return states;
  }

  [[nodiscard]] const std::shared_ptr<InstanceSet>& set() const { return set_; }

 private:
  [[nodiscard]] http::UpstreamRequest request_of(const Route& route, const http::Request& request,
                                                 const ForwardOptions& options,
                                                 const ForwardedHeaders& forwarded) const {
    http::UpstreamRequest out{.method = request.method_text, .target = request.target};
    out.headers = request.headers;
    out.added = &forwarded;
    out.body = request.body;
    out.stream = request.stream;
    out.stream_length = request.stream_length;
    if (options.preserve_host) out.host = request.header("Host").value_or("");
    out.upgrade = request.header("Upgrade").value_or("");
    out.repeatable = is_repeatable(request);
    set_timeouts(out, route, options);
    return out;
  }

  /// Remembers the failure, which was the instance's unless the request itself broke off.
  [[nodiscard]] bool may_try_another(const Route& route, Instance& instance,
                                     http::UpstreamFailure failure) const {
    if (failure == http::UpstreamFailure::kRequestBroken) return false;
    const bool moves_on = http::surely_not_processed(failure);
    set_->failed(instance, !moves_on);
    log::warn("gateway", "upstream failed",
              {{"route", route.id},
               {"instance", instance.origin.authority},
               {"why", to_string(failure)}});
    return moves_on;
  }

  [[nodiscard]] Instance* choose(const Route& route, const http::Request& request,
                                 InstanceSet::Tried& tried) const {
    return route.affinity == Affinity::kClient ? set_->choose_for(request.client(), tried)
                                               : set_->choose(tried);
  }

  void set_timeouts(http::UpstreamRequest& out, const Route& route,
                    const ForwardOptions& options) const {
    using std::chrono::milliseconds;
    const auto chosen = [](milliseconds own, milliseconds otherwise) {
      if (own.count() == 0) return otherwise;
      return own.count() < 0 ? milliseconds{0} : own;
    };
    out.connect_timeout = chosen(route.connect_timeout, owner_.options_.connect_timeout);
    out.response_timeout = chosen(route.response_timeout, owner_.options_.response_timeout);
    const milliseconds limit = options.response_timeout;
    const bool shorter = out.response_timeout.count() == 0 || limit < out.response_timeout;
    if (limit.count() > 0 && shorter) out.response_timeout = limit;
  }

  const RemoteUpstreams& owner_;
  const std::shared_ptr<InstanceSet> set_;
  const std::shared_ptr<resilience::CircuitBreaker> breaker_;
};

RemoteUpstreams::RemoteUpstreams(http::UpstreamSender& client, const Clock& clock,
                                 http::TrustedProxies proxies, RemoteUpstreamOptions options)
    : client_(client), clock_(clock), proxies_(std::move(proxies)), options_(std::move(options)) {}

RemoteUpstreams::~RemoteUpstreams() { BAEDAL_ASSERT(!running_); }

std::vector<std::string> RemoteUpstreams::urls_of(const Route& route) const {
  if (!route.instances.empty()) return route.instances;
  const auto named = options_.instances.find(route.host);
  if (named != options_.instances.end()) return named->second;
  return {route.uri};
}

std::shared_ptr<Upstream> RemoteUpstreams::find(const Route& route) {
  const std::vector<std::string> urls = urls_of(route);
  std::string key;
  std::vector<http::Origin> origins;
  for (const std::string& url : urls) {
    auto origin = http::Origin::parse(url);
    if (!origin || origins.size() == InstanceSet::kInstancesMax) return nullptr;
    key += origin->authority + " ";
    origins.push_back(std::move(*origin));
  }
  const std::lock_guard lock(mutex_);
  std::erase_if(by_urls_, [](const auto& entry) { return entry.second.expired(); });
  if (auto known = by_urls_[key].lock()) return known;
  auto breaker = options_.breaker ? options_.breaker("gateway-" + route.host) : nullptr;
  auto upstream = std::make_shared<RemoteUpstream>(*this, std::move(origins), std::move(breaker));
  by_urls_[key] = upstream;
  return upstream;
}

void RemoteUpstreams::start() {
  if (options_.check_interval.count() == 0) return;
  running_ = true;
  spawn(check_for_ever());
}

Task<void> RemoteUpstreams::stop() {
  if (!running_) co_return;
  stopping_ = true;
  if (wake_) wake_->set();
  co_await ended_.wait();
  running_ = false;
}

Task<void> RemoteUpstreams::check_for_ever() {
  while (!stopping_) {
    auto checking = check_all();
    co_await checking;
    if (stopping_) break;
    // Shared: the timer may fire after the stop.
    wake_ = std::make_shared<Event>();
    Executor::current().post_after(options_.check_interval, [wake = wake_] { wake->set(); });
    co_await wake_->wait();
  }
  ended_.set();
}

Task<void> RemoteUpstreams::check_all() {
  std::vector<std::shared_ptr<InstanceSet>> sets;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [urls, known] : by_urls_) {
      if (const auto upstream = known.lock()) sets.push_back(upstream->set());
    }
  }
  TaskGroup checks;
  for (const auto& set : sets) {
    // Alone, it is asked whatever its health.
    if (set->instances().size() < 2) continue;
    for (std::size_t i = 0; i < set->instances().size(); ++i) checks.spawn(check(set, i));
  }
  co_await checks.join();
}

Task<void> RemoteUpstreams::check(std::shared_ptr<InstanceSet> set, std::size_t index) {
  Instance& instance = *set->instances()[index];
  http::UpstreamRequest request{.target = options_.check_path};
  request.connect_timeout = request.response_timeout = options_.check_timeout;
  request.repeatable = true;
  auto asking = client_.send(instance.origin, request);
  const auto answer = co_await asking;
  const bool healthy = answer && answer->status < 500;
  if (healthy != instance.healthy.load()) {
    log::info("gateway", "instance changed",
              {{"instance", instance.origin.authority}, {"healthy", healthy}});
  }
  set->checked(instance, healthy);
}

}  // namespace baedal::gateway
