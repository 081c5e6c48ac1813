#include "services/delivery/inbound/claims.hpp"

#include "kernel/text.hpp"
#include "platform/auth/principal.hpp"
#include "platform/http/problem.hpp"

namespace baedal::delivery {
namespace {

constexpr std::string_view kPath = "/deliveries/{id}/claim";

}  // namespace

void Claims::add_routes(http::Router& router) {
  router.add(http::Method::kPost, kPath, [this](http::Request& r) { return post(r); });
}

Task<http::Response> Claims::post(http::Request& request) {
  const auto id = parse_int64(request.path_values.at(0));
  auto taking = take(request, DeliveryId{id.value_or(0)});
  const auto taken = co_await taking;
  if (!taken) co_return http::problem(taken.error(), request);
  co_return http::Response{.status = 204};
}

Task<Result<void>> Claims::take(http::Request& request, DeliveryId id) {
  if (request.principal) {
    auto taken = co_await claim_.run(id, request.principal->subject);
    if (!taken) co_return pass_on(taken);
    co_return Result<void>{};
  }
  auto found = co_await queries_.find(id);
  if (!found) co_return pass_on(found);
  if (*found) co_return Result<void>{};
  co_return fail(ErrorKind::kNotFound, "delivery-not-found", "There is no such delivery.");
}

}  // namespace baedal::delivery
