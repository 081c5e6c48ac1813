#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace baedal::tracing {

/// Bytes of an id as W3C Trace Context writes them; all zero: none.
template <std::size_t kBytes>
struct Id {
  std::array<std::uint8_t, kBytes> bytes{};

  [[nodiscard]] constexpr bool valid() const { return bytes != decltype(bytes){}; }
  /// Lower case hexadecimal digits.
  void append_to(std::string& out) const;
  [[nodiscard]] std::string text() const;
  friend constexpr auto operator<=>(const Id&, const Id&) = default;
};

using TraceId = Id<16>;
using SpanId = Id<8>;

/// Which trace a piece of work belongs to, and which span of it is its parent, as it travels in
/// `traceparent` (W3C Trace Context, levels 1 and 2). A value without allocations.
struct TraceContext {
  TraceId trace_id{};
  SpanId span_id{};
  std::uint8_t flags = 0;

  static constexpr std::uint8_t kSampled = 1;
  /// The rightmost 7 bytes of the trace id are random (level 2). Passed on, never set here: readers
  /// of level 1 may not know it.
  static constexpr std::uint8_t kRandom = 2;

  [[nodiscard]] constexpr bool valid() const { return trace_id.valid() && span_id.valid(); }
  [[nodiscard]] constexpr bool sampled() const { return (flags & kSampled) != 0; }

  /// "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
  [[nodiscard]] std::string traceparent() const;
  /// nullopt when it is none: another form, upper case, an id of zeros, version ff. A version not
  /// known yet is read by the form of version 00, whatever follows behind a '-'. Blanks around it
  /// are the caller's to trim.
  [[nodiscard]] static std::optional<TraceContext> parse(std::string_view traceparent);

  friend constexpr auto operator<=>(const TraceContext&, const TraceContext&) = default;
};

/// `tracestate` made fit to be passed on: its members without blanks and empty ones; of what is
/// longer than kTraceStateBytesMax, members above 128 bytes go first, then the last ones. Empty
/// when a member is malformed, a key comes twice, or there are more than 32.
[[nodiscard]] std::string passable_tracestate(std::string_view tracestate);

inline constexpr std::size_t kTraceStateBytesMax = 512;

/// Drawn anew for each call, by a generator of each thread seeded by the system; never zero.
/// Unique, not secret.
[[nodiscard]] TraceId random_trace_id();
[[nodiscard]] SpanId random_span_id();

}  // namespace baedal::tracing
