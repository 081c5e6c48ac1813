#pragma once

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstddef>
#include <optional>
#include <string_view>

namespace load {

/// A whole answer at the beginning of what was received. Views into it.
struct Answer {
  int status = 0;
  std::size_t bytes = 0;  ///< head and body
  bool closes = false;    ///< no request may follow on this connection
  std::string_view head;
  std::string_view body;
};

inline bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

/// The value of a header; empty when there is none.
inline std::string_view header_of(std::string_view head, std::string_view name) {
  for (std::size_t at = head.find("\r\n"); at != head.npos; at = head.find("\r\n", at)) {
    at += 2;
    const std::string_view line = head.substr(at, head.find("\r\n", at) - at);
    if (line.size() <= name.size() || line[name.size()] != ':') continue;
    if (!equal_ignoring_case(line.substr(0, name.size()), name)) continue;
    const std::size_t value = line.find_first_not_of(" \t", name.size() + 1);
    return value == line.npos ? std::string_view{} : line.substr(value);
  }
  return {};
}

/// Nothing while the answer is not complete. Only what servers under a benchmark send: HTTP/1.1
/// with a Content-Length, or without a body; anything else has status 0.
inline std::optional<Answer> parse_answer(std::string_view received) {
  const std::size_t end = received.find("\r\n\r\n");
  if (end == received.npos) return std::nullopt;
  const std::string_view head = received.substr(0, end);
  Answer answer;
  answer.head = head;
  answer.bytes = end + 4;
  if (!head.starts_with("HTTP/1.1 ") || head.size() < 12) return answer;
  std::from_chars(head.data() + 9, head.data() + 12, answer.status);
  std::size_t length = 0;
  const std::string_view told = header_of(head, "Content-Length");
  std::from_chars(told.data(), told.data() + told.size(), length);
  if (told.empty() && answer.status != 204 && answer.status != 304) answer.status = 0;
  if (received.size() < answer.bytes + length) return std::nullopt;
  answer.body = received.substr(answer.bytes, length);
  answer.bytes += length;
  answer.closes = equal_ignoring_case(header_of(head, "Connection"), "close");
  return answer;
}

}  // namespace load
