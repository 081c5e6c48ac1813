#include "platform/http/upstream/answer_head.hpp"

#include <algorithm>
#include <charconv>

#include "kernel/text.hpp"
#include "platform/http/token.hpp"

namespace baedal::http {
namespace {

/// How many of the first characters are those of a name.
std::size_t token_size(std::string_view text) {
  const auto end = std::ranges::find_if_not(
      text, [](char c) { return kTokenCharacters[static_cast<unsigned char>(c)]; });
  return static_cast<std::size_t>(end - text.begin());
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
  if (head.connection.empty()) head.connection = value;
  while (!value.empty()) {
    const std::size_t comma = std::min(value.find(','), value.size());
    const std::string_view word = trim(value.substr(0, comma));
    if (iequals(word, "close")) head.keep_alive = false;
    value.remove_prefix(std::min(comma + 1, value.size()));
  }
}

bool read_field(std::string_view line, AnswerHead& head) {
  const std::size_t colon = token_size(line);
  if (colon == 0 || colon == line.size() || line[colon] != ':') return false;
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = trim(line.substr(colon + 1));
  switch (name.size()) {  // the few names that frame the answer
    case 10:
      if (!iequals(name, "Connection")) break;
      read_connection(value, head);
      return true;
    case 14:
      if (!iequals(name, "Content-Length")) break;
      return read_length(value, head);
    case 17:
      if (!iequals(name, "Transfer-Encoding")) break;
      if (head.chunked || !iequals(value, "chunked")) return false;
      head.chunked = true;
      return true;
    default:
      break;
  }
  head.headers.push_back({name, value});
  return true;
}

}  // namespace

std::string_view AnswerHead::header(std::string_view name) const {
  const auto found = std::ranges::find_if(
      headers, [&](const HeaderView& header) { return iequals(header.name, name); });
  return found == headers.end() ? std::string_view{} : found->value;
}

HeadStep read_head(std::string_view bytes, AnswerHead& head) {
  head.headers.clear();
  head.content_length.reset();
  head.chunked = false;
  head.connection = {};
  std::string_view left = bytes;
  for (bool first = true;; first = false) {
    const std::size_t line_end = left.find('\r');
    if (line_end == std::string_view::npos || line_end + 1 == left.size()) {
      return HeadStep::kNeedMore;
    }
    const std::string_view line = left.substr(0, line_end);
    if (left[line_end + 1] != '\n' || line.find('\n') != std::string_view::npos) {
      return HeadStep::kBad;  // bare line ends
    }
    left.remove_prefix(line_end + 2);
    if (line.empty() && !first) break;
    const bool good = first ? read_status_line(line, head) : read_field(line, head);
    if (!good) return HeadStep::kBad;
  }
  head.bytes = bytes.size() - left.size();
  const bool has_nul = bytes.substr(0, head.bytes).find('\0') != std::string_view::npos;
  return has_nul || (head.chunked && head.content_length) ? HeadStep::kBad : HeadStep::kDone;
}

}  // namespace baedal::http
