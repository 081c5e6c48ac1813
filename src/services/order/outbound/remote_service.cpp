#include "services/order/outbound/remote_service.hpp"

#include <utility>

#include "kernel/assert.hpp"
#include "platform/log/log.hpp"

namespace baedal::order {
namespace {

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

RemoteService::RemoteService(RemoteOptions options, http::UpstreamClient& client,
                             const Clock& clock)
    : options_(std::move(options)),
      client_(client),
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
  request.connect_timeout = options_.connect_timeout;
  request.response_timeout = options_.time_limit;
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
    log::warn("order.remote", "call failed",
              {{"service", options_.name}, {"why", to_string(answer.error())}});
  }
  co_return cannot_answer();
}

Task<http::UpstreamAnswer> RemoteService::send(const http::UpstreamRequest& request) {
  const std::size_t count = options_.instances.size();
  const std::size_t first = turn_.fetch_add(1, std::memory_order_relaxed);
  for (std::size_t i = 0;; ++i) {
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
