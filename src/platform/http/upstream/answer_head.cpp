#include "platform/http/upstream/answer_head.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "kernel/text.hpp"

namespace baedal::http {
namespace {

/// The characters of a header name (RFC 9110 section 5.6.2), by code.
constexpr std::array<bool, 256> kTokenCharacters = [] {
  std::array<bool, 256> token{};
  for (const char c : std::string_view{"!#$%&'*+-.^_`|~0123456789"}) {
    token.at(static_cast<unsigned char>(c)) = true;
  }
  for (char c = 'a'; c <= 'z'; ++c) token.at(static_cast<unsigned char>(c)) = true;
  for (char c = 'A'; c <= 'Z'; ++c) token.at(static_cast<unsigned char>(c)) = true;
  return token;
}();

bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return kTokenCharacters[static_cast<unsigned char>(c)];
  });
}

bool read_status_line(std::string_view line, AnswerHead& head) {
  constexpr std::size_t kStatusAt = 9;
  if (line.size() < kStatusAt + 3 || !line.starts_with("HTTP/1.") || line[8] != ' ') return false;
  if (line[7] != '0' && line[7] != '1') return false;
  const auto [end, error] =
      std::from_chars(line.data() + kStatusAt, line.data() + kStatusAt + 3, head.status);
  if (error != std::errc{} || end != line.data() + kStatusAt + 3) return false;
  if (line.size() > kStatusAt + 3 && line[kStatusAt + 3] != ' ') return false;
  head.keep_alive = line[7] == '1';
  return head.status >= 100;
}

bool read_length(std::string_view value, AnswerHead& head) {
  std::uint64_t length = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), length);
  if (error != std::errc{} || end != value.data() + value.size()) return false;
  if (head.content_length) return false;
  head.content_length = length;
  return true;
}

void read_connection(std::string_view value, AnswerHead& head) {
  while (!value.empty()) {
    const std::size_t comma = std::min(value.find(','), value.size());
    const std::string_view word = trim(value.substr(0, comma));
    if (iequals(word, "close")) head.keep_alive = false;
    value.remove_prefix(std::min(comma + 1, value.size()));
  }
}

bool read_field(std::string_view line, AnswerHead& head) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return false;
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = trim(line.substr(colon + 1));
  if (!is_token(name)) return false;
  head.headers.push_back({name, value});
  switch (name.size()) {  // the few names that frame the answer
    case 10:
      if (iequals(name, "Connection")) read_connection(value, head);
      return true;
    case 14:
      return !iequals(name, "Content-Length") || read_length(value, head);
    case 17:
      if (!iequals(name, "Transfer-Encoding")) return true;
      if (head.chunked || !iequals(value, "chunked")) return false;
      head.chunked = true;
      return true;
    default:
      return true;
  }
}

}  // namespace

std::string_view AnswerHead::header(std::string_view name) const {
  const auto found = std::ranges::find_if(
      headers, [&](const HeaderView& header) { return iequals(header.name, name); });
  return found == headers.end() ? std::string_view{} : found->value;
}

HeadStep read_head(std::string_view bytes, AnswerHead& head) {
  constexpr std::string_view kEnd = "\r\n\r\n";
  const std::size_t end = bytes.find(kEnd);
  if (end == std::string_view::npos) return HeadStep::kNeedMore;
  head.headers.clear();
  head.content_length.reset();
  head.chunked = false;
  head.bytes = end + kEnd.size();
  std::string_view lines = bytes.substr(0, end + 2);
  if (lines.find('\0') != std::string_view::npos) return HeadStep::kBad;
  for (bool first = true; !lines.empty(); first = false) {
    const std::size_t line_end = lines.find('\r');
    const std::string_view line = lines.substr(0, line_end);
    if (lines[line_end + 1] != '\n' || line.find('\n') != std::string_view::npos) {
      return HeadStep::kBad;  // bare line ends
    }
    const bool good = first ? read_status_line(line, head) : read_field(line, head);
    if (!good) return HeadStep::kBad;
    lines.remove_prefix(line_end + 2);
  }
  return head.chunked && head.content_length ? HeadStep::kBad : HeadStep::kDone;
}

}  // namespace baedal::http
