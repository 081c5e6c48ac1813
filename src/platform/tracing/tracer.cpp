#include "platform/tracing/tracer.hpp"

#include <algorithm>

namespace baedal::tracing {
namespace {

constexpr double kAllIds = static_cast<double>(std::uint64_t{1} << 56U);

/// The last 7 bytes as a number: what OpenTelemetry samples by.
std::uint64_t randomness(const TraceId& id) {
  std::uint64_t value = 0;
  for (std::size_t i = id.bytes.size() - 7; i < id.bytes.size(); ++i) {
    value = (value << 8U) | id.bytes[i];
  }
  return value;
}

}  // namespace

ActiveSpan::ActiveSpan(const Tracer& tracer, std::unique_ptr<Span> span)
    : tracer_(&tracer), span_(std::move(span)), started_(tracer.clock_.monotonic()) {
  span_->start = tracer.clock_.now();
}

ActiveSpan::ActiveSpan(ActiveSpan&& other) noexcept
    : tracer_(other.tracer_), span_(std::move(other.span_)), started_(other.started_) {}

ActiveSpan::~ActiveSpan() {
  if (span_) tracer_->finish(*this);
}

void ActiveSpan::set(std::string_view key, std::string value) {
  span_->attributes.push_back({key, std::move(value)});
}

void ActiveSpan::set(std::string_view key, std::int64_t value) {
  span_->attributes.push_back({key, value});
}

void ActiveSpan::fail(std::string error_type) {
  span_->failed = true;
  set("error.type", std::move(error_type));
}

ActiveSpan Trace::start_child(const TraceContext& child_context, SpanKind kind,
                              std::string name) const {
  return tracer.start(child_context, context.span_id, kind, std::move(name));
}

TraceContext Trace::child() const { return {context.trace_id, random_span_id(), context.flags}; }

Tracer::Tracer(const Clock& clock, double ratio, SpanSink* sink)
    : clock_(clock),
      threshold_(static_cast<std::uint64_t>((1.0 - std::clamp(ratio, 0.0, 1.0)) * kAllIds)),
      sink_(sink) {}

TraceContext Tracer::next(const std::optional<TraceContext>& parent, bool quiet) const {
  if (parent) return {parent->trace_id, random_span_id(), parent->flags};
  TraceContext root{random_trace_id(), random_span_id(), 0};
  if (!quiet && randomness(root.trace_id) >= threshold_) root.flags = TraceContext::kSampled;
  return root;
}

ActiveSpan Tracer::start(const TraceContext& context, SpanId parent, SpanKind kind,
                         std::string name) const {
  if (!records(context)) return {};
  constexpr std::size_t kAttributesUsual = 12;
  auto span = std::make_unique<Span>();
  span->attributes.reserve(kAttributesUsual);
  span->context = context;
  span->parent = parent;
  span->kind = kind;
  span->name = std::move(name);
  if (const Trace* trace = current_trace()) span->tracestate = trace->tracestate;
  return {*this, std::move(span)};
}

void Tracer::finish(ActiveSpan& active) const {
  active.span_->took = clock_.monotonic() - active.started_;
  sink_->add(std::move(*active.span_));
}

}  // namespace baedal::tracing
