#pragma once

#include <string>
#include <string_view>

#include "platform/http/upstream/upstream_client.hpp"
#include "platform/tracing/tracer.hpp"

namespace baedal::http {

/// The place in a trace that a call goes out under, instead of what the request it is made for said
/// of itself. Without one, headers pass as they are.
struct OutgoingTrace {
  tracing::TraceContext context{};
  std::string tracestate{};

  /// Whether that header is written anew, when there is a trace.
  [[nodiscard]] bool replaces(std::string_view header) const;
  /// Header lines.
  void append_to(std::string& out) const;
};

/// Where a call goes, without its query: that may hold what is nobody's business.
void describe(tracing::ActiveSpan& span, const Origin& origin, const UpstreamRequest& request);
/// What became of it.
void describe(tracing::ActiveSpan& span, const UpstreamAnswer& answer);

}  // namespace baedal::http
