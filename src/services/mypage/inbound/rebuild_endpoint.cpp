#include "services/mypage/inbound/rebuild_endpoint.hpp"

#include "kernel/json/writer.hpp"
#include "platform/http/problem.hpp"

namespace baedal::mypage {
namespace {

Task<http::Response> rebuild_now(RebuildView& rebuild, http::Request& request) {
  const auto report = co_await rebuild.run();
  if (!report) co_return http::problem(report.error(), request);
  json::Writer out(json::Writer::Layout::kCompact);
  out.begin_object().name("events").integer(report->events).name("lines").integer(report->lines);
  out.name("differences").integer(report->differences).end_object();
  co_return http::Response{.content_type = "application/json", .body = out.take()};
}

}  // namespace

void add_rebuild_route(http::Router& router, RebuildView& rebuild) {
  router.add(http::Method::kPost, "/actuator/projections/mypage",
             [&rebuild](http::Request& request) { return rebuild_now(rebuild, request); });
}

}  // namespace baedal::mypage
