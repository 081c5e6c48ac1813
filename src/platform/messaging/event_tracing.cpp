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

using Parent = std::optional<tracing::TraceContext>;

/// The traceparent of an event, read once for all groups.
const Parent& parent_of(const Envelope& event) {
  const auto read = [&] { return tracing::TraceContext::parse(event.traceparent); };
  return event.readings.of<Parent>(reinterpret_cast<const void*>(&tracing::TraceContext::parse),
                                   read);
}

tracing::ActiveSpan processing(const EventTracing& tracing, const tracing::TraceContext& context,
                               const Envelope& event, const std::string& group) {
  const Parent& parent = parent_of(event);
  auto span = tracing.tracer.start(context, parent ? parent->span_id : tracing::SpanId{},
                                   tracing::SpanKind::kConsumer, "process " + tracing.destination);
  describe(tracing, span, event, "process", "process");
  span.set("messaging.consumer.group.name", group);
  return span;
}

}  // namespace

HandledEvent::HandledEvent(const EventTracing* tracing, const Envelope& event,
                           const std::string& group) {
  if (tracing == nullptr) return;
  const tracing::TraceContext context = tracing->tracer.next(parent_of(event));
  scope_.emplace(TaskContext{new tracing::Trace(tracing->tracer, context)});
  if (!tracing->tracer.records(context)) return;
  span_.emplace(processing(*tracing, context, event, group));
}

void HandledEvent::failed(const Error& error) {
  if (span_) span_->fail(error.code);
}

HandledTogether::HandledTogether(const EventTracing* tracing,
                                 std::span<const Envelope* const> events,
                                 const std::string& group) {
  if (tracing == nullptr) return;
  for (const Envelope* event : events) {
    const tracing::TraceContext context = tracing->tracer.next(parent_of(*event));
    if (!tracing->tracer.records(context)) continue;
    spans_.push_back(processing(*tracing, context, *event, group));
  }
}

void HandledTogether::failed(const Error& error) {
  for (tracing::ActiveSpan& span : spans_) span.fail(error.code);
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
