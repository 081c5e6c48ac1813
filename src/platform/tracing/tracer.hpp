#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "kernel/async/task_context.hpp"
#include "kernel/clock.hpp"
#include "platform/tracing/span.hpp"
#include "platform/tracing/trace_context.hpp"

namespace baedal::tracing {

class Tracer;

/// A span under way; is finished, and given to the sink, when it goes. Empty when nobody records
/// it, and then costs nothing: whoever describes it asks first.
///   ActiveSpan span = tracer.start(…);
///   if (span) span.set("http.route", route);
class ActiveSpan {
 public:
  ActiveSpan() = default;
  ActiveSpan(ActiveSpan&& other) noexcept;
  ActiveSpan& operator=(ActiveSpan&&) = delete;
  ~ActiveSpan();

  explicit operator bool() const { return span_ != nullptr; }
  /// The three below only when it is not empty.
  void rename(std::string name) { span_->name = std::move(name); }
  void set(std::string_view key, std::string value);
  void set(std::string_view key, std::int64_t value);
  /// It did not do what it should: OpenTelemetry's status ERROR, with `error.type`.
  void fail(std::string error_type);

 private:
  friend Tracer;
  ActiveSpan(const Tracer& tracer, std::unique_ptr<Span> span);
  const Tracer* tracer_ = nullptr;
  std::unique_ptr<Span> span_;
  std::chrono::steady_clock::time_point started_{};
};

/// What a task context carries here: the span the work belongs to. The only kind of
/// TaskContext::Data in the program.
class Trace final : public TaskContext::Data {
 public:
  Trace(const Tracer& its_tracer, const TraceContext& its_context, std::string its_tracestate = {})
      : tracer(its_tracer), context(its_context), tracestate(std::move(its_tracestate)) {}

  const Tracer& tracer;
  const TraceContext context;
  const std::string tracestate;  ///< to be passed on beside it; usually empty

  /// A span below this one, under the id it is told by; empty unless this one is recorded.
  [[nodiscard]] ActiveSpan start_child(const TraceContext& child, SpanKind kind,
                                       std::string name) const;
  /// The same trace with a new span id.
  [[nodiscard]] TraceContext child() const;
};

/// Of the work this thread does now, until its next co_await; null: it belongs to no trace.
[[nodiscard]] inline const Trace* current_trace() noexcept {
  return static_cast<const Trace*>(TaskContext::current_data());
}

/// Decides what is recorded, and gives out spans. Any thread; outlives all it gave out.
///
/// Whoever comes with a traceparent has decided already; of what begins here `ratio` (0 to 1) is
/// sampled, by the trace id, so that every process decides alike. Without a sink the ids are the
/// same and nothing is recorded.
class Tracer {
 public:
  Tracer(const Clock& clock, double ratio, SpanSink* sink);

  /// The context of the work behind `parent`, or of a new trace. A `quiet` new one is not sampled.
  [[nodiscard]] TraceContext next(const std::optional<TraceContext>& parent,
                                  bool quiet = false) const;
  [[nodiscard]] bool records_any() const { return sink_ != nullptr; }
  [[nodiscard]] bool records(const TraceContext& context) const {
    return sink_ != nullptr && context.sampled();
  }
  /// Empty unless this context is recorded.
  [[nodiscard]] ActiveSpan start(const TraceContext& context, SpanId parent, SpanKind kind,
                                 std::string name) const;

 private:
  friend ActiveSpan;
  void finish(ActiveSpan& active) const;

  const Clock& clock_;
  const std::uint64_t threshold_;  ///< trace ids from here on, by their last 7 bytes, are sampled
  SpanSink* const sink_;
};

}  // namespace baedal::tracing
