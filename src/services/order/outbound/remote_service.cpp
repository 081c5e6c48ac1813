#include "services/order/outbound/remote_service.hpp"

#include <utility>

#include "kernel/assert.hpp"
#include "kernel/async/executor.hpp"
#include "platform/log/log.hpp"

namespace baedal::order {
RemoteService::RemoteService(RemoteOptions options, http::UpstreamSender& client,
                             const Clock& clock, std::function<double()> random)
    : options_(std::move(options)),
      client_(client),
      clock_(clock),
      random_(std::move(random)),
      breaker_(options_.name, options_.breaker, clock),
      bulkhead_(options_.concurrent_calls_max) {
  BAEDAL_ASSERT(!options_.instances.empty());
}

Task<Result<http::Response>> RemoteService::call(http::UpstreamRequest request) {
  const auto place = bulkhead_.try_enter();
  if (!place) {
    co_return fail(ErrorKind::kOverloaded, options_.name + "-busy",
                   "Too many calls of the " + options_.name + " service are under way.");
  }
  auto permission = breaker_.try_acquire();
  if (!permission) co_return breaker_.refusal();
  std::shared_ptr<const std::string> authorization;
  std::vector<http::HeaderView> headers;
  if (options_.authorization) {
    authorization = options_.authorization();
    headers.assign(request.headers.begin(), request.headers.end());
    headers.push_back({"Authorization", *authorization});
    request.headers = headers;
  }
  auto sending = send(request);
  auto answer = co_await sending;
  if (answer && answer->status < 500) {
    permission->succeeded();
    co_return std::move(*answer);
  }
  permission->failed();
  if (answer) {
    log::warn("order.remote", "call failed",
              {{"service", options_.name}, {"status", answer->status}});
  } else {
    if (answer.error() == http::UpstreamFailure::kTimedOut) ++counts_.timed_out;
    log::warn("order.remote", "call failed",
              {{"service", options_.name}, {"why", to_string(answer.error())}});
  }
  co_return cannot_answer();
}

Task<http::UpstreamAnswer> RemoteService::send(http::UpstreamRequest& request) {
  const TimePoint end = clock_.monotonic() + options_.time_limit;
  for (std::uint32_t attempt = 1;; ++attempt) {
    auto trying = try_instances(request, end);
    auto answer = co_await trying;
    if (answer && attempt > 1) ++counts_.retried_well;
    if (answer || !http::surely_not_processed(answer.error())) co_return answer;
    const auto pause = options_.retry.pause_after(attempt, random_());
    if (!options_.retry.may_try_again(attempt) || clock_.monotonic() + pause >= end) {
      if (attempt > 1) ++counts_.retried_in_vain;
      co_return answer;
    }
    co_await sleep_for(pause);
  }
}

/// Each instance once, until one has, or may have, processed the request.
Task<http::UpstreamAnswer> RemoteService::try_instances(http::UpstreamRequest& request,
                                                        TimePoint end) {
  using std::chrono::milliseconds;
  const std::size_t count = options_.instances.size();
  const std::size_t first = turn_.fetch_add(1, std::memory_order_relaxed);
  for (std::size_t i = 0;; ++i) {
    request.time_limit = std::chrono::ceil<milliseconds>(end - clock_.monotonic());
    if (request.time_limit.count() <= 0)
      co_return std::unexpected(http::UpstreamFailure::kTimedOut);
    request.connect_timeout = options_.connect_timeout;
    auto sending = client_.send(options_.instances[(first + i) % count], request);
    auto answer = co_await sending;
    if (answer || !http::surely_not_processed(answer.error()) || i + 1 == count) co_return answer;
  }
}

std::unexpected<Error> RemoteService::cannot_answer() const {
  return unavailable(options_.name + "-unavailable",
                     "The " + options_.name + " service cannot answer now.");
}

}  // namespace baedal::order
