#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "kernel/timestamp.hpp"
#include "platform/tracing/trace_context.hpp"

namespace baedal::tracing {

/// With the numbers of OpenTelemetry's SpanKind.
enum class SpanKind : std::uint8_t {
  kInternal = 1,
  kServer = 2,
  kClient = 3,
  kProducer = 4,
  kConsumer = 5,
};

struct Attribute {
  std::string_view key;  ///< a literal, by OpenTelemetry's semantic conventions
  std::variant<std::string, std::int64_t, bool> value;
};

/// A piece of work that is over, as it is exported.
struct Span {
  TraceContext context{};
  SpanId parent{};  ///< none: the root of its trace
  std::string tracestate{};
  SpanKind kind = SpanKind::kInternal;
  std::string name{};
  Timestamp start{};
  std::chrono::nanoseconds took{0};
  std::vector<Attribute> attributes{};
  bool failed = false;
};

/// Where finished spans go. Any thread; never blocks and never fails: what there is no room for is
/// counted and gone.
class SpanSink {
 public:
  virtual ~SpanSink() = default;
  virtual void add(Span span) = 0;
};

/// What became of the spans that were to be exported, since the start.
struct SpanCounts {
  std::atomic<std::uint64_t> exported{0};
  std::atomic<std::uint64_t> dropped{0};  ///< there was no room for them
  std::atomic<std::uint64_t> failed{0};   ///< refused, or the collector did not answer in the end
};

}  // namespace baedal::tracing
