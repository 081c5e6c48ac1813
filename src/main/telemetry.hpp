#pragma once

#include <memory>
#include <string>
#include <vector>

#include "kernel/clock.hpp"
#include "platform/config/settings.hpp"
#include "platform/messaging/event_tracing.hpp"
#include "platform/metrics/registry.hpp"
#include "platform/tracing/http/traced_handler.hpp"
#include "platform/tracing/otlp/otlp_exporter.hpp"
#include "platform/tracing/tracer.hpp"

namespace baedal {

/// What this process tells of its work: the tracer, its exporter when spans have somewhere to go,
/// and what of the food business is worth knowing about a span. Outlives all that is traced.
class Telemetry {
 public:
  /// Borrows `clock` and `registry`.
  Telemetry(const config::Settings& settings, const std::vector<std::string>& roles,
            const Clock& clock, metrics::Registry& registry);

  [[nodiscard]] const tracing::Tracer& tracer() const { return tracer_; }
  [[nodiscard]] const messaging::EventTracing& events() const { return events_; }
  [[nodiscard]] static tracing::TracedHandler::Hooks hooks();

 private:
  tracing::SpanCounts counts_;
  std::unique_ptr<tracing::OtlpExporter> exporter_;  ///< null: nowhere to go
  tracing::Tracer tracer_;
  messaging::EventTracing events_;
  std::vector<metrics::Registration> meters_;
};

}  // namespace baedal
