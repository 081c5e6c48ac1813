#pragma once

#include "kernel/clock.hpp"
#include "platform/http/handler.hpp"
#include "platform/metrics/http_server_metrics.hpp"

namespace baedal::actuator {

/// A filter that records every request another handler answers. Goes around the outermost router.
/// Borrows all it is given.
class MeasuredHandler final : public http::HttpHandler {
 public:
  MeasuredHandler(http::HttpHandler& inner, metrics::HttpServerMetrics& metrics, const Clock& clock)
      : inner_(inner), metrics_(metrics), clock_(clock) {}

  Task<http::Response> handle(http::Request& request) override;

 private:
  http::HttpHandler& inner_;
  metrics::HttpServerMetrics& metrics_;
  const Clock& clock_;
};

}  // namespace baedal::actuator
