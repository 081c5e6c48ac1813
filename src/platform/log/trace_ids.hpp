#pragma once

#include <array>
#include <string_view>

namespace baedal::log {

/// The trace a line belongs to, and the span within it, in hexadecimal digits.
struct TraceIds {
  std::array<char, 32> trace;
  std::array<char, 16> span;

  [[nodiscard]] std::string_view trace_text() const { return {trace.data(), trace.size()}; }
  [[nodiscard]] std::string_view span_text() const { return {span.data(), span.size()}; }
};

}  // namespace baedal::log
