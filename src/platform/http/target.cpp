#include "platform/http/target.hpp"

#include <algorithm>
#include <array>

#include "kernel/text.hpp"

namespace baedal::http {
namespace {

using CharacterSet = std::array<bool, 256>;

constexpr std::string_view kUnreserved = "-._~";  // with letters and digits: RFC 3986 2.3

constexpr CharacterSet set_of(std::string_view extra) {
  CharacterSet set{};
  for (char c = 'a'; c <= 'z'; ++c) set[static_cast<unsigned char>(c)] = true;
  for (char c = 'A'; c <= 'Z'; ++c) set[static_cast<unsigned char>(c)] = true;
  for (char c = '0'; c <= '9'; ++c) set[static_cast<unsigned char>(c)] = true;
  for (const char c : extra) set[static_cast<unsigned char>(c)] = true;
  return set;
}

/// RFC 3986: pchar and '/'.
constexpr CharacterSet kPath = set_of("-._~%!$&'()*+,;=:@/");
/// Also '?', and what browsers send unescaped in queries (WHATWG URL).
constexpr CharacterSet kQuery = set_of("-._~%!$&'()*+,;=:@/?[]{}|^`");
/// Narrower than RFC 3986: a host is put into links and logs, and none in use has more.
constexpr CharacterSet kHostName = set_of("-._");
constexpr CharacterSet kIpLiteral = set_of(":.");

constexpr CharacterSet kUnreservedSet = set_of(kUnreserved);

bool is_in(const CharacterSet& set, char c) { return set[static_cast<unsigned char>(c)]; }

bool only(const CharacterSet& set, std::string_view text) {
  return std::ranges::all_of(text, [&](char c) { return is_in(set, c); });
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// The byte that the escape at the front of `text` ("%2E…") stands for; -1: it is broken.
int escaped(std::string_view text) {
  if (text.size() < 3) return -1;
  const int high = hex_value(text[1]);
  const int low = hex_value(text[2]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/// Whether an escape is broken, or of what some reader takes for the path's structure or its end.
bool is_deceptive(int byte) { return byte < 0x20 || byte == 0x7F || byte == '/' || byte == '\\'; }

/// Whether one segment, without its slash, reads the same to everybody: no broken or deceptive
/// escapes, and not "." or "..", encoded or not, with path parameters or without.
bool is_plain_segment(std::string_view segment) {
  std::size_t dots = 0;
  std::size_t others = 0;
  bool in_name = true;  // before ';'
  for (std::size_t i = 0; i < segment.size(); ++i) {
    int byte = static_cast<unsigned char>(segment[i]);
    if (byte == '%') {
      byte = escaped(segment.substr(i));
      if (is_deceptive(byte)) return false;
      i += 2;
    }
    in_name = in_name && byte != ';';
    if (in_name) ++(byte == '.' ? dots : others);
  }
  return others > 0 || dots == 0 || dots > 2;
}

bool has_plain_segments(std::string_view path) {
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::size_t end = std::min(path.find('/'), path.size());
    if (!is_plain_segment(path.substr(0, end))) return false;
    path.remove_prefix(end);
  }
  return true;
}

/// Whether the path needs a closer look.
bool may_deceive(std::string_view path) {
  return path.find('%') != std::string_view::npos || path.find("/.") != std::string_view::npos;
}

bool is_port(std::string_view text) {
  const auto number = parse_int64(text);
  return text.size() <= 5 && number && *number >= 0 && *number <= 65535 && text.front() != '-';
}

}  // namespace

bool is_authority(std::string_view text) {
  std::string_view port;
  bool valid = false;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return false;
    valid = end > 2 && only(kIpLiteral, text.substr(1, end - 1));
    port = text.substr(end + 1);
  } else {
    const std::size_t colon = std::min(text.find(':'), text.size());
    valid = colon > 0 && colon <= 255 && only(kHostName, text.substr(0, colon));
    port = text.substr(colon);
  }
  return valid &&
         (port.empty() || (port.size() > 1 && port.front() == ':' && is_port(port.substr(1))));
}

std::optional<Target> parse_target(std::string_view text) {
  Target target;
  if (text == "*") return Target{{}, text, {}};
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (text.starts_with('/')) break;  // as nearly always
    if (text.size() <= scheme.size() || !iequals(text.substr(0, scheme.size()), scheme)) continue;
    text.remove_prefix(scheme.size());
    const std::size_t end = std::min(text.find_first_of("/?"), text.size());
    target.authority = text.substr(0, end);
    text.remove_prefix(end);
    if (!is_authority(target.authority)) return std::nullopt;
    break;
  }
  const std::size_t mark = std::min(text.find('?'), text.size());
  target.path = text.substr(0, mark);
  if (mark < text.size()) target.query = text.substr(mark + 1);
  if (target.path.empty() && !target.authority.empty()) target.path = "/";
  if (!target.path.starts_with('/') || !only(kPath, target.path) || !only(kQuery, target.query)) {
    return std::nullopt;
  }
  if (may_deceive(target.path) && !has_plain_segments(target.path)) return std::nullopt;
  return target;
}

std::string plain_form(const Target& target) {
  std::string text;
  for (std::size_t i = 0; i < target.path.size(); ++i) {
    const char c = target.path[i];
    const char decoded = c == '%' ? static_cast<char>(escaped(target.path.substr(i))) : c;
    const bool decodes = c == '%' && is_in(kUnreservedSet, decoded);
    text += decodes ? decoded : c;
    if (decodes) i += 2;
  }
  if (target.query.data() != nullptr) text.append("?").append(target.query);
  return text;
}

}  // namespace baedal::http
