#include "services/order/outbound/remote_delivery.hpp"

#include <array>

#include "kernel/json/parse.hpp"
#include "kernel/text.hpp"
#include "platform/log/log.hpp"

namespace baedal::order {
namespace {

constexpr std::array<http::HeaderView, 2> kHeaders{
    {{"Content-Type", "application/json"}, {"Accept", "application/json"}}};

std::optional<contracts::DeliveryDecision> read_decision(const http::Response& answer) {
  if (answer.status != 200) return std::nullopt;
  const auto body = json::parse(answer.body);
  const auto* object = body ? body->get<json::Object>() : nullptr;
  if (object == nullptr) return std::nullopt;
  const json::Value* id = object->find("deliveryId");
  const json::Value* cancelled = object->find("cancelled");
  const auto* number = id != nullptr ? id->get<std::int64_t>() : nullptr;
  const auto* decision = cancelled != nullptr ? cancelled->get<bool>() : nullptr;
  if (number == nullptr || decision == nullptr) return std::nullopt;
  return contracts::DeliveryDecision{.delivery_id = *number, .cancelled = *decision};
}

}  // namespace

Task<Result<contracts::DeliveryDecision>> RemoteDelivery::cancel_delivery_of(
    std::int64_t order_id) {
  std::string body = "{\"orderId\":";
  append_int(body, order_id);
  body += '}';
  const http::UpstreamRequest request{
      .method = "POST", .target = "/deliveries/cancellations", .headers = kHeaders, .body = body};
  auto calling = service_.call(request);
  auto answer = co_await calling;
  if (!answer) co_return pass_on(answer);
  const auto decision = read_decision(*answer);
  if (!decision) {
    log::error("order.remote", "answer not understood",
               {{"service", service_.name()}, {"status", answer->status}});
    co_return service_.cannot_answer();
  }
  co_return *decision;
}

}  // namespace baedal::order
