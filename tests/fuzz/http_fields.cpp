// The fields of a request that are read beyond HTTP's own grammar: one line for each, in turn those
// below; an empty line leaves one out.
#include <algorithm>
#include <array>

#include "fuzz.hpp"
#include "platform/http/hal/conditional.hpp"
#include "platform/http/hal/negotiate.hpp"
#include "platform/http/hop_by_hop.hpp"
#include "platform/http/idempotency.hpp"
#include "platform/http/trusted_proxies.hpp"
#include "platform/tracing/trace_context.hpp"

using baedal::fuzz::promise;
using namespace baedal;
using namespace baedal::http;

namespace {

constexpr std::array<std::string_view, 14> kNames = {
    "If-Match",          "If-None-Match",      "Accept",
    "Content-Type",      "Idempotency-Key",    "Forwarded",
    "X-Forwarded-For",   "X-Forwarded-Host",   "X-Forwarded-Port",
    "X-Forwarded-Proto", "X-Forwarded-Prefix", "Connection",
    "Upgrade",           "traceparent"};

/// Such a field the server refuses.
bool is_control(char c) { return (c >= 0 && c < ' ' && c != '\t') || c == 0x7F; }

void read_trace(const Request& request) {
  const std::string_view field = request.header("traceparent").value_or("");
  if (const auto context = tracing::TraceContext::parse(field)) {
    promise(context->valid() && tracing::TraceContext::parse(context->traceparent()) == *context);
  }
  promise(tracing::passable_tracestate(field).size() <= tracing::kTraceStateBytesMax);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text = fuzz::text_of(data, size);
  Request request;
  request.target = request.path = "/a";
  request.peer = "10.0.0.1";
  request.link_base = "http://a";
  for (std::size_t i = 0; !text.empty(); ++i) {
    const std::string_view value = fuzz::take_line(text);
    if (!value.empty() && std::ranges::none_of(value, is_control))
      request.headers.push_back({kNames.at(i % kNames.size()), value});
  }
  (void)hal::if_match(request);
  (void)hal::none_match_hits(request, 7);
  (void)negotiate(request, {"application/hal+json", "application/json", "text/uri-list"});
  (void)content_type_of(request, {"application/json", "application/merge-patch+json"});
  Idempotency keys;
  (void)keys.begin(request);
  static const TrustedProxies kProxies{{"10.0.0.0/8", "fd00::/8"}};
  const std::string_view client = forwarded_client(request, kProxies);
  promise(client.find_first_of("\r\n,") == std::string_view::npos);
  const std::string base = forwarded_base(request, "http://a");
  promise(base.starts_with("http://") || base.starts_with("https://"));
  promise(base.find_first_of(std::string_view{"\r\n\0 \"<>", 7}) == std::string::npos);
  read_trace(request);
  end_hop(request);
  for (const HeaderView& header : request.headers) promise(header.name != "Connection");
  return 0;
}
