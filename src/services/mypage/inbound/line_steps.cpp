#include "services/mypage/inbound/line_steps.hpp"

#include <string>
#include <utility>

#include "contracts/events.hpp"
#include "kernel/json/writer.hpp"
#include "kernel/text.hpp"
#include "platform/http/hal/conditional.hpp"
#include "platform/http/hal/negotiate.hpp"
#include "platform/http/problem.hpp"

namespace baedal::mypage {
namespace {

constexpr std::string_view kHal = "application/hal+json";
constexpr std::string_view kJson = "application/json";

struct Told {
  std::string_view type;
  std::string_view service;  ///< whose event it is
};

Told told_by(StepType type) {
  using namespace contracts::event;
  switch (type) {
    case StepType::kOrdered:
      return {kOrdered, "order"};
    case StepType::kPaid:
      return {kPaid, "payment"};
    case StepType::kDeclined:
      return {kPaymentFailed, "payment"};
    case StepType::kDeliveryStarted:
      return {kDeliveryStarted, "delivery"};
    case StepType::kDeliveryCompleted:
      return {kDeliveryCompleted, "delivery"};
    case StepType::kDeliveryCancelled:
      return {kDeliveryCancelled, "delivery"};
    case StepType::kOrderCancelled:
      return {kOrderCancelled, "order"};
    case StepType::kRefunded:
      return {kPaymentRefunded, "payment"};
  }
  return {};
}

std::string render(const Mypage& line, const std::string& base) {
  json::Writer out;
  out.begin_object().name("_embedded").begin_object().name("events").begin_array();
  for (const Step& step : line.steps.all()) {
    const auto [type, service] = told_by(step.type);
    out.begin_object().name("type").string(type).name("id").string(step.event);
    out.name("service").string(service).name("time").string(step.time.iso8601()).end_object();
  }
  out.end_array().end_object();
  std::string href = base + "/mypages/";
  append_int(href, line.order.value());
  out.name("_links").begin_object();
  out.name("self").begin_object().name("href").string(href + "/events").end_object();
  out.name("mypage").begin_object().name("href").string(href).end_object();
  out.end_object().end_object();
  return out.take();
}

/// The line's own version does not grow with a step that is heard of late.
std::int64_t version_of(const Steps& steps) {
  return static_cast<std::int64_t>(stable_hash(steps.text()) >> 1);
}

http::Response unknown(const http::Request& request) {
  return http::problem(404, "not-found", "There is no such thing.", request);
}

Task<http::Response> get(MypageResources& resources, const Projection& projection,
                         const http::hal::Presentation& presentation, http::Request& request) {
  const auto media = http::negotiate(request, {kHal, kJson});
  if (!media) {
    co_return http::problem(406, "not-acceptable",
                            "None of the media types in Accept can be given.", request);
  }
  const auto id = parse_int64(request.path_values.at(0));
  if (!id) co_return unknown(request);
  if (request.principal) {
    auto admitting = resources.admit(*request.principal, *id);
    const auto admitted = co_await admitting;
    if (!admitted) co_return http::problem(admitted.error(), request);
  }
  const auto view = projection.live();
  auto line = co_await view->find(OrderId{*id});
  if (!line) co_return http::problem(line.error(), request);
  if (!*line) co_return unknown(request);
  const std::int64_t version = version_of((*line)->steps);
  const bool is_known = http::hal::none_match_hits(request, version);
  http::Response response{.status = is_known ? 304 : 200};
  if (!is_known) {
    response.content_type = std::string{*media};
    response.body = render(**line, presentation.base(kMypageResourceType, request));
  }
  response.with("ETag", http::hal::etag(version));
  co_return response;
}

}  // namespace

void add_events_route(http::Router& router, MypageResources& resources,
                      const Projection& projection, const http::hal::Presentation& presentation) {
  router.add(http::Method::kGet, "/mypages/{id}/events", [&](http::Request& request) {
    return get(resources, projection, presentation, request);
  });
}

}  // namespace baedal::mypage
