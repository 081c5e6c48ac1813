#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/http/message.hpp"

namespace baedal::http {

/// The Date header's value, formatted once per second. One thread.
class HttpDate {
 public:
  /// "Sun, 06 Nov 1994 08:49:37 GMT" of now.
  [[nodiscard]] std::string_view now();

 private:
  std::int64_t second_ = -1;
  std::string text_;
};

/// Headers that every answer of a server carries, unless it has one of that name itself.
using ExtraHeaders = std::vector<std::pair<std::string, std::string>>;

/// What the connection decides about an answer.
struct AnswerFraming {
  bool to_head = false;         ///< the request was HEAD: the body is only measured
  bool close = false;           ///< say that the connection ends
  bool say_keep_alive = false;  ///< an HTTP/1.0 client asked for it
  bool chunked = false;         ///< a stream of unknown length
  const ExtraHeaders* extra = nullptr;
};

/// Whether an answer of that status has a body at all (RFC 9110: not 1xx, 204, 304).
[[nodiscard]] bool may_have_body(int status);

/// Appends the parts one behind the other.
void append_all(std::string& out, std::initializer_list<std::string_view> parts);

/// Whether it would end a header line.
[[nodiscard]] inline bool is_line_end(char c) { return c == '\r' || c == '\n' || c == '\0'; }

/// Appends a header line. Line ends in the value, which configuration and templates make too,
/// become blanks, so that none can start a header of its own.
void append_header(std::string& out, std::string_view name, std::string_view value);

/// Appends one chunk's size line; its data, and then kChunkEnd, follow.
void append_chunk_size(std::string& out, std::size_t size);
inline constexpr std::string_view kChunkEnd = "\r\n";
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

/// Appends status line, headers and the empty line.
void append_head(std::string& out, const Response& response, const AnswerFraming& framing,
                 std::string_view date);

}  // namespace baedal::http
