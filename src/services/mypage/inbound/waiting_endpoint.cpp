#include "services/mypage/inbound/waiting_endpoint.hpp"

#include "kernel/json/writer.hpp"
#include "platform/http/problem.hpp"

namespace baedal::mypage {
namespace {

std::string_view word_of(WaitingFor what) {
  return what == WaitingFor::kPayment ? "payment" : "delivery";
}

std::string list_of(const std::vector<WaitingOrder>& orders) {
  json::Writer out(json::Writer::Layout::kCompact);
  out.begin_object().name("waitingOrders").begin_array();
  for (const WaitingOrder& one : orders) {
    out.begin_object().name("orderId").integer(one.order.value());
    out.name("menuNm").string(one.menu_name).name("waitsFor").string(word_of(one.what));
    out.name("createdAt").string(one.placed.iso8601()).end_object();
  }
  return out.end_array().end_object().take();
}

}  // namespace

void add_waiting_route(http::Router& router, const WaitingOrders& waiting,
                       std::function<Result<void>()> ready) {
  const auto list = [&waiting,
                     ready = std::move(ready)](http::Request& request) -> Task<http::Response> {
    if (const auto known = ready(); !known) co_return http::problem(known.error(), request);
    co_return http::Response{.content_type = "application/json",
                             .body = list_of(*waiting.oldest())};
  };
  router.add(http::Method::kGet, "/actuator/waiting-orders", list);
}

}  // namespace baedal::mypage
