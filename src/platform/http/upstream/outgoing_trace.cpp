#include "platform/http/upstream/outgoing_trace.hpp"

#include "kernel/text.hpp"
#include "platform/http/answer_writer.hpp"

namespace baedal::http {
namespace {

constexpr std::string_view kParent = "traceparent";
constexpr std::string_view kState = "tracestate";

}  // namespace

bool OutgoingTrace::replaces(std::string_view header) const {
  return iequals(header, kParent) || iequals(header, kState);
}

void OutgoingTrace::append_to(std::string& out) const {
  if (!context.valid()) return;
  // As TraceContext::traceparent() has it, without a string of its own.
  constexpr std::string_view kDigits = "0123456789abcdef";
  append_all(out, {kParent, ": 00-"});
  context.trace_id.append_to(out);
  out += '-';
  context.span_id.append_to(out);
  out += '-';
  out += kDigits[context.flags >> 4U];
  out += kDigits[context.flags & 15U];
  out += "\r\n";
  if (!tracestate.empty()) append_all(out, {kState, ": ", tracestate, "\r\n"});
}

void describe(tracing::ActiveSpan& span, const Origin& origin, const UpstreamRequest& request) {
  const std::string_view path = request.target.substr(0, request.target.find('?'));
  span.set("http.request.method", std::string{request.method});
  span.set("server.address", origin.host);
  span.set("server.port", std::int64_t{origin.port});
  span.set("url.full", "http://" + origin.authority + std::string{path});
}

void describe(tracing::ActiveSpan& span, const UpstreamAnswer& answer) {
  if (!answer) return span.fail(std::string{to_string(answer.error())});
  span.set("http.response.status_code", std::int64_t{answer->status});
  // To a client every refusal is a failed call.
  if (answer->status >= 400) span.fail(std::to_string(answer->status));
}

}  // namespace baedal::http
