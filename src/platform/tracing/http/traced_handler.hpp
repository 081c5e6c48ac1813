#pragma once

#include <functional>

#include "platform/http/handler.hpp"
#include "platform/tracing/tracer.hpp"

namespace baedal::tracing {

/// A filter that gives each request its place in a trace: behind the one that its `traceparent`
/// names, else as the root of a new one. All that another handler does for the request belongs to
/// it. Goes around the outermost router, so that a request which is passed on within the process
/// stays one. Borrows all it is given.
class TracedHandler final : public http::HttpHandler {
 public:
  struct Hooks {
    /// Requests that are no news: they begin no recorded trace. Empty: none.
    std::function<bool(const http::Request&)> quiet{};
    /// Adds what only the program knows to a recorded span. Empty: nothing.
    std::function<void(const http::Request&, const http::Response&, ActiveSpan&)> describe{};
  };

  TracedHandler(http::HttpHandler& inner, const Tracer& tracer, Hooks hooks)
      : inner_(inner), tracer_(tracer), hooks_(std::move(hooks)) {}

  Task<http::Response> handle(http::Request& request) override;

 private:
  void end(ActiveSpan& span, const http::Request& request, const http::Response& response) const;

  http::HttpHandler& inner_;
  const Tracer& tracer_;
  const Hooks hooks_;
};

}  // namespace baedal::tracing
