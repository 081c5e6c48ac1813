#include "services/delivery/inbound/cancellations.hpp"

#include <limits>

#include "kernel/json/parse.hpp"
#include "kernel/json/writer.hpp"
#include "platform/http/fields.hpp"
#include "platform/http/hal/negotiate.hpp"
#include "platform/http/problem.hpp"
#include "services/delivery/inbound/delivery_api.hpp"

namespace baedal::delivery {
namespace {

constexpr std::string_view kPath = "/deliveries/cancellations";
constexpr std::string_view kJson = "application/json";

Result<OrderId> read_order(std::string_view text) {
  auto parsed = json::parse(text);
  if (!parsed) return pass_on(parsed);
  const json::Object* body = parsed->get<json::Object>();
  if (body == nullptr) {
    return fail(ErrorKind::kInvalid, "not-an-object", "The body must be a JSON object.");
  }
  http::FieldReader read(*body);
  const auto order = read.integer("orderId", 1, std::numeric_limits<std::int64_t>::max());
  if (!order) read.reject("orderId", "must not be null");
  if (auto ok = read.finish(); !ok) return pass_on(ok);
  return OrderId{*order};
}

std::string render(const Delivery& decided) {
  const contracts::DeliveryDecision decision = to_contract(decided);
  json::Writer out(json::Writer::Layout::kCompact);
  out.begin_object().name("deliveryId").integer(decision.delivery_id);
  out.name("orderId").integer(decided.order_id.value());
  return out.name("cancelled").boolean(decision.cancelled).end_object().take();
}

}  // namespace

void Cancellations::add_routes(http::Router& router) {
  router.add(http::Method::kPost, kPath, [this](http::Request& r) { return post(r); });
  router.add_options_header(kPath, "Accept-Post", std::string{kJson});
}

Task<http::Response> Cancellations::post(http::Request& request) {
  if (!http::content_type_of(request, {kJson})) {
    http::Response refused =
        http::problem(415, "unsupported-media-type",
                      "The Content-Type of the body is not understood here.", request);
    refused.with("Accept-Post", std::string{kJson});
    co_return refused;
  }
  auto begun = idempotency_.begin(request);
  if (!begun) co_return http::problem(begun.error(), request);
  const auto order = read_order(request.body);
  if (!order) co_return http::problem(order.error(), request);
  auto decided = co_await cancel_.run(*order, begun->key);
  if (!decided) co_return http::problem(decided.error(), request);
  http::Response response{.content_type = std::string{kJson}, .body = render(decided->value)};
  if (decided->replayed) response.with("Idempotent-Replayed", "true");
  co_return response;
}

}  // namespace baedal::delivery
