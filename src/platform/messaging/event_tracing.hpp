#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/error.hpp"
#include "platform/messaging/envelope.hpp"
#include "platform/tracing/tracer.hpp"

namespace baedal::messaging {

/// How events are seen in traces. Outlives whoever uses it; any thread.
struct EventTracing {
  const tracing::Tracer& tracer;
  std::string system;       ///< "kafka"
  std::string destination;  ///< the topic
  /// Adds what only the program knows to a recorded span. Empty: nothing.
  std::function<void(const Envelope&, tracing::ActiveSpan&)> describe{};
};

/// One event being handled: while it lives, the work belongs to the trace the event came with (a
/// new one, if with none), and so do the events committed by it. A span when that is recorded.
class HandledEvent {
 public:
  /// `tracing` null: nothing of that.
  HandledEvent(const EventTracing* tracing, const Envelope& event, const std::string& group);

  void failed(const Error& error);

 private:
  std::optional<TaskContext::Scope> scope_;
  std::optional<tracing::ActiveSpan> span_;
};

/// Events being handled together, each that is recorded with a span in the trace it came with. The
/// work itself belongs to none of the traces.
class HandledTogether {
 public:
  /// `tracing` null: nothing of that.
  HandledTogether(const EventTracing* tracing, std::span<const Envelope* const> events,
                  const std::string& group);

  void failed(const Error& error);

 private:
  std::vector<tracing::ActiveSpan> spans_;
};

/// Events on their way to the bus, a span for each that is recorded: from here until it is over.
/// The event carries that span on, so that whoever handles it is below it.
class PublishedEvents {
 public:
  PublishedEvents(const EventTracing* tracing, std::vector<Envelope>& events);

  /// The bus has refused them.
  void failed();

 private:
  std::vector<tracing::ActiveSpan> spans_;
};

}  // namespace baedal::messaging
