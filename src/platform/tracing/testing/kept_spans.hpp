#pragma once

#include <mutex>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "platform/tracing/span.hpp"

namespace baedal::tracing {

/// Keeps the spans it is given, for tests. Any thread.
class KeptSpans final : public SpanSink {
 public:
  void add(Span span) override {
    const std::lock_guard lock(mutex_);
    spans_.push_back(std::move(span));
  }
  [[nodiscard]] std::vector<Span> all() const {
    const std::lock_guard lock(mutex_);
    return spans_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<Span> spans_;
};

/// An attribute of a span as text; empty when it has none of that name.
inline std::string attribute(const Span& span, std::string_view key) {
  for (const Attribute& each : span.attributes) {
    if (each.key != key) continue;
    if (const auto* text = std::get_if<std::string>(&each.value)) return *text;
    if (const auto* number = std::get_if<std::int64_t>(&each.value)) return std::to_string(*number);
    return std::get<bool>(each.value) ? "true" : "false";
  }
  return {};
}

}  // namespace baedal::tracing
