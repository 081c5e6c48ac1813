#include "main/telemetry.hpp"

#include <algorithm>
#include <string_view>

#include "contracts/events.hpp"
#include "kernel/text.hpp"
#include "main/access_log.hpp"
#include "main/build_info.hpp"
#include "main/roles.hpp"
#include "platform/actuator/actuator.hpp"
#include "platform/log/log.hpp"
#include "platform/tracing/otlp/settings.hpp"

namespace baedal {
namespace {

constexpr std::string_view kOrderId = "baedal.order_id";

bool read_trace(log::TraceIds& ids) {
  const tracing::Trace* trace = tracing::current_trace();
  if (trace == nullptr) return false;
  const std::string text = trace->context.traceparent();
  std::copy_n(text.data() + 3, ids.trace.size(), ids.trace.data());
  std::copy_n(text.data() + 36, ids.span.size(), ids.span.data());
  return true;
}

/// What asks whether we are well, and how well, all day long.
bool is_probe(const http::Request& request) { return actuator::Actuator::owns(request.path); }

void describe_request(const http::Request& request, const http::Response& response,
                      tracing::ActiveSpan& span) {
  if (const auto order = order_of(request, response)) span.set(kOrderId, *order);
}

/// But for the menu's, events are keyed by their order.
void describe_event(const messaging::Envelope& event, tracing::ActiveSpan& span) {
  using namespace contracts::event;
  const bool of_menu =
      event.type == kMenuCreated || event.type == kMenuChanged || event.type == kMenuDeleted;
  if (of_menu) return;
  // A number, as on a request's span: a search for an order finds both.
  if (const auto order = parse_int64(event.key)) span.set(kOrderId, *order);
}

/// "kafka" and the topic of "kafka://…/TOPIC"; the embedded log is called after itself.
messaging::EventTracing event_tracing(const tracing::Tracer& tracer, const std::string& bus) {
  if (!bus.starts_with("kafka:")) return {tracer, "baedal", "events", describe_event};
  return {tracer, "kafka", bus.substr(bus.rfind('/') + 1), describe_event};
}

std::unique_ptr<tracing::OtlpExporter> make_exporter(const config::Settings& settings,
                                                     const std::vector<std::string>& roles,
                                                     tracing::SpanCounts& counts) {
  auto options = tracing::otlp_options(settings, roles, roles.size() == kRoles.size(), kVersion);
  if (options.endpoint.empty()) return nullptr;
  return std::make_unique<tracing::OtlpExporter>(std::move(options), counts);
}

}  // namespace

Telemetry::Telemetry(const config::Settings& settings, const std::vector<std::string>& roles,
                     const Clock& clock, metrics::Registry& registry)
    : exporter_(make_exporter(settings, roles, counts_)),
      tracer_(clock, tracing::sampling_ratio(settings), exporter_.get()),
      events_(event_tracing(tracer_, settings.text("messaging.bus"))) {
  const auto count = [&](const char* outcome, const std::atomic<std::uint64_t>& counter) {
    metrics::MeterId id{
        "baedal.tracing.spans", {}, "Spans of this process, by outcome", {{"outcome", outcome}}};
    meters_.push_back(registry.counter(std::move(id),
                                       [&counter] { return static_cast<double>(counter.load()); }));
  };
  count("exported", counts_.exported);
  count("dropped", counts_.dropped);
  count("failed", counts_.failed);
  log::set_trace_source(read_trace);
}

tracing::TracedHandler::Hooks Telemetry::hooks() {
  return {.quiet = is_probe, .describe = describe_request};
}

}  // namespace baedal
