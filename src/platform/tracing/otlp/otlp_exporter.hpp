#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "platform/http/message.hpp"
#include "platform/tracing/otlp/otlp_json.hpp"
#include "platform/tracing/span.hpp"

namespace baedal::tracing {

struct OtlpOptions {
  std::string endpoint{};               ///< "http://collector:4318/v1/traces"
  std::vector<http::Header> headers{};  ///< sent with each batch; may hold secrets
  Resource resource{};
  std::size_t queue_max = 8'192;               ///< spans that may wait; more are dropped
  std::size_t batch_max = 512;                 ///< spans of one request
  std::chrono::milliseconds interval{2'000};   ///< how long a span waits at most for company
  std::chrono::milliseconds timeout{5'000};    ///< of one request
  int attempts_max = 5;                        ///< of one batch
  std::chrono::milliseconds pause_first{500};  ///< after a failure, doubling, with jitter
  std::chrono::milliseconds pause_max{30'000};
  std::chrono::milliseconds stop_within{2'000};  ///< for what waits at the end
};

/// Sends spans to a collector by OTLP over HTTP, in batches, from a thread of its own. add() takes
/// a lock for the time of a push_back. What cannot be sent now (no answer, 429, 502, 503, 504) is
/// tried again, after Retry-After when the collector says so; meanwhile the queue fills, and what
/// it has no room for is dropped. The log says when the collector goes and when it is back.
class OtlpExporter final : public SpanSink {
 public:
  /// `counts` outlives it.
  OtlpExporter(OtlpOptions options, SpanCounts& counts);
  /// Sends what waits, for as long as `stop_within`. A request that hangs beyond that is left
  /// behind.
  ~OtlpExporter() override;
  OtlpExporter(const OtlpExporter&) = delete;
  OtlpExporter& operator=(const OtlpExporter&) = delete;

  void add(Span span) override;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace baedal::tracing
