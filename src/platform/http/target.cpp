#include "platform/http/target.hpp"

#include <algorithm>
#include <array>

#include "kernel/text.hpp"

namespace baedal::http {
namespace {

using CharacterSet = std::array<bool, 256>;

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

bool only(const CharacterSet& set, std::string_view text) {
  return std::ranges::all_of(text, [&](char c) { return set[static_cast<unsigned char>(c)]; });
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
  return target;
}

}  // namespace baedal::http
