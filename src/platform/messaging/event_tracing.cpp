#include "platform/messaging/event_tracing.hpp"

namespace baedal::messaging {
namespace {

void describe(const EventTracing& tracing, tracing::ActiveSpan& span, const Envelope& event,
              const char* operation, const char* type) {
  span.set("messaging.system", tracing.system);
  span.set("messaging.destination.name", tracing.destination);
  span.set("messaging.operation.name", std::string{operation});
  span.set("messaging.operation.type", std::string{type});
  span.set("messaging.message.id", event.id);
  span.set("cloudevents.event_id", event.id);
  span.set("cloudevents.event_type", event.type);
  span.set("cloudevents.event_source", event.source);
  if (tracing.describe) tracing.describe(event, span);
}

}  // namespace

HandledEvent::HandledEvent(const EventTracing* tracing, const Envelope& event,
                           const std::string& group) {
  if (tracing == nullptr) return;
  const auto parent = tracing::TraceContext::parse(event.traceparent);
  const tracing::TraceContext context = tracing->tracer.next(parent);
  scope_.emplace(TaskContext{new tracing::Trace(tracing->tracer, context)});
  if (!tracing->tracer.records(context)) return;
  span_.emplace(tracing->tracer.start(context, parent ? parent->span_id : tracing::SpanId{},
                                      tracing::SpanKind::kConsumer,
                                      "process " + tracing->destination));
  describe(*tracing, *span_, event, "process", "process");
  span_->set("messaging.consumer.group.name", group);
}

void HandledEvent::failed(const Error& error) {
  if (span_) span_->fail(error.code);
}

PublishedEvents::PublishedEvents(const EventTracing* tracing, std::vector<Envelope>& events) {
  if (tracing == nullptr || !tracing->tracer.records_any()) return;
  for (Envelope& event : events) {
    const auto parent = tracing::TraceContext::parse(event.traceparent);
    if (!parent || !tracing->tracer.records(*parent)) continue;
    const tracing::TraceContext context = tracing->tracer.next(parent);
    spans_.push_back(tracing->tracer.start(context, parent->span_id, tracing::SpanKind::kProducer,
                                           "publish " + tracing->destination));
    describe(*tracing, spans_.back(), event, "publish", "send");
    event.traceparent = context.traceparent();
  }
}

void PublishedEvents::failed() {
  for (tracing::ActiveSpan& span : spans_) span.fail("refused");
}

}  // namespace baedal::messaging
