#include "platform/tracing/http/traced_handler.hpp"

#include <algorithm>

#include "kernel/text.hpp"

namespace baedal::tracing {
namespace {

/// What a request says about where it belongs, found in one pass over its headers.
struct Came {
  std::optional<TraceContext> parent{};
  std::string tracestate{};
};

Came read(const http::Request& request) {
  std::string_view traceparent;
  int count = 0;
  bool has_state = false;
  for (const http::HeaderView& header : request.headers) {
    if (iequals(header.name, "traceparent")) {
      traceparent = header.value;
      ++count;
    } else if (iequals(header.name, "tracestate")) {
      has_state = true;
    }
  }
  Came came;
  if (count == 1) came.parent = TraceContext::parse(trim(traceparent));
  // Without the one it belongs to it says nothing.
  if (came.parent && has_state) {
    came.tracestate = passable_tracestate(request.header_list("tracestate").value_or(""));
  }
  return came;
}

/// By OpenTelemetry's rules an unknown method is "HTTP" in a name, "_OTHER" in the attribute.
std::string name_of(const http::Request& request) {
  std::string name{request.method == http::Method::kOther ? "HTTP" : to_string(request.method)};
  if (!request.route.empty()) name.append(" ").append(request.route);
  return name;
}

void describe_base(ActiveSpan& span, std::string_view base) {
  const auto scheme_end = std::min(base.find("://"), base.size());
  span.set("url.scheme", std::string{base.substr(0, scheme_end)});
  base.remove_prefix(std::min(scheme_end + 3, base.size()));
  std::string_view authority = base.substr(0, base.find('/'));
  const auto colon = authority.rfind(':');
  const bool has_port =
      colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos;
  span.set("server.address", std::string{authority.substr(0, has_port ? colon : authority.size())});
  const auto port = has_port ? parse_int64(authority.substr(colon + 1)) : std::nullopt;
  if (port) span.set("server.port", *port);
}

/// Never the query, headers or the client's address: they may hold secrets and personal data.
void describe(ActiveSpan& span, const http::Request& request, const http::Response& response) {
  constexpr std::size_t kPathBytesMax = 1024;
  span.rename(name_of(request));
  const bool known = request.method != http::Method::kOther;
  span.set("http.request.method", std::string{known ? to_string(request.method) : "_OTHER"});
  span.set("url.path", std::string{request.path.substr(0, kPathBytesMax)});
  if (!request.route.empty()) span.set("http.route", std::string{request.route});
  describe_base(span, request.link_base);
  span.set("http.response.status_code", std::int64_t{response.status});
  // A client's own mistake is no failure of the server.
  if (response.status >= 500) span.fail(std::to_string(response.status));
}

}  // namespace

Task<http::Response> TracedHandler::handle(http::Request& request) {
  Came came = read(request);
  const bool quiet = !came.parent && hooks_.quiet && hooks_.quiet(request);
  const TraceContext context = tracer_.next(came.parent, quiet);
  request.trace = context;
  const SpanId parent = came.parent ? came.parent->span_id : SpanId{};
  const TaskContext::Scope scope(
      TaskContext{new Trace(tracer_, context, std::move(came.tracestate))});
  ActiveSpan span = tracer_.start(context, parent, SpanKind::kServer, {});
  auto answering = inner_.handle(request);
  try {
    http::Response response = co_await answering;
    end(span, request, response);
    co_return response;
  } catch (...) {
    const http::Response answer_of_the_server{.status = 500};
    end(span, request, answer_of_the_server);
    throw;
  }
}

void TracedHandler::end(ActiveSpan& span, const http::Request& request,
                        const http::Response& response) const {
  if (!span) return;
  describe(span, request, response);
  if (hooks_.describe) hooks_.describe(request, response, span);
}

}  // namespace baedal::tracing
