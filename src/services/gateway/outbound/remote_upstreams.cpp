#include "services/gateway/outbound/remote_upstreams.hpp"

#include <utility>

#include "kernel/assert.hpp"
#include "platform/http/problem.hpp"
#include "platform/log/log.hpp"
#include "services/gateway/outbound/forwarded_headers.hpp"

namespace baedal::gateway {
namespace {

/// A request an instance has in hand.
class InHand {
 public:
  explicit InHand(Instance& instance) : instance_(instance) { ++instance_.in_hand; }
  ~InHand() { --instance_.in_hand; }
  InHand(const InHand&) = delete;
  InHand& operator=(const InHand&) = delete;

 private:
  Instance& instance_;
};

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

std::string_view to_string(http::UpstreamFailure failure) {
  switch (failure) {
    case http::UpstreamFailure::kNoAddress:
      return "no address";
    case http::UpstreamFailure::kNotConnected:
      return "not connected";
    case http::UpstreamFailure::kTooManyConnections:
      return "too many connections";
    case http::UpstreamFailure::kTimedOut:
      return "timed out";
    case http::UpstreamFailure::kBroken:
      return "broken off";
    case http::UpstreamFailure::kBadAnswer:
      return "bad answer";
  }
  return "";
}

}  // namespace

class RemoteUpstreams::RemoteUpstream final : public Upstream {
 public:
  RemoteUpstream(const RemoteUpstreams& owner, std::vector<http::Origin> origins)
      : owner_(owner),
        set_(std::make_shared<InstanceSet>(std::move(origins), owner.options_.ejection,
                                           owner.clock_)) {}

  Task<http::Response> forward(const Route& route, http::Request& request,
                               ForwardOptions options) override {
    const ForwardedHeaders forwarded(request, options.prefix, owner_.proxies_.trusts(request.peer));
    http::UpstreamRequest out{.method = request.method_text, .target = request.target};
    out.headers = forwarded.headers();
    out.body = request.body;
    if (options.preserve_host) out.host = request.header("Host").value_or("");
    out.upgrade = request.header("Upgrade").value_or("");
    out.repeatable = is_repeatable(request);
    set_timeouts(out, route, options);
    InstanceSet::Tried tried = 0;
    auto failure = http::UpstreamFailure::kNotConnected;
    while (Instance* instance = choose(route, request, tried)) {
      const InHand in_hand(*instance);
      auto sending = owner_.client_.send(instance->origin, out);
      auto answer = co_await sending;
      if (answer) {
        if (options.failure != nullptr) *options.failure = {};
        answer->status < 500 ? set_->succeeded(*instance) : set_->failed(*instance, true);
        co_return std::move(*answer);
      }
      failure = answer.error();
      const bool moves_on = http::surely_not_processed(failure);
      set_->failed(*instance, !moves_on);
      log::warn("gateway", "upstream failed",
                {{"route", route.id},
                 {"instance", instance->origin.authority},
                 {"why", to_string(failure)}});
      if (!moves_on) break;
    }
    if (options.failure != nullptr) *options.failure = to_string(failure);
    co_return answer_for(failure, request);
  }

  [[nodiscard]] const std::shared_ptr<InstanceSet>& set() const { return set_; }

 private:
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
};

RemoteUpstreams::RemoteUpstreams(http::UpstreamClient& client, const Clock& clock,
                                 http::TrustedProxies proxies, RemoteUpstreamOptions options)
    : client_(client), clock_(clock), proxies_(std::move(proxies)), options_(std::move(options)) {}

RemoteUpstreams::~RemoteUpstreams() { BAEDAL_ASSERT(!running_); }

std::vector<std::string> RemoteUpstreams::urls_of(const Route& route) const {
  if (!route.instances.empty()) return route.instances;
  const auto named = options_.instances.find(route.host);
  if (named != options_.instances.end()) return named->second;
  return {route.uri};
}

Upstream* RemoteUpstreams::find(const Route& route) {
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
  auto& upstream = by_urls_[key];
  if (!upstream) upstream = std::make_unique<RemoteUpstream>(*this, std::move(origins));
  return upstream.get();
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
    for (const auto& [urls, upstream] : by_urls_) sets.push_back(upstream->set());
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
