#include "platform/http/upstream/hop_by_hop.hpp"

#include <algorithm>

#include "kernel/text.hpp"

namespace baedal::http {
namespace {

/// Calls `visit(word)` for each word of a comma list until it returns true; whether it did.
template <class Visit>
bool any_word(std::string_view list, const Visit& visit) {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    if (visit(trim(list.substr(0, comma)))) return true;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}

}  // namespace

bool is_hop_by_hop(std::string_view name) {
  switch (name.size()) {  // by length first: most names are none of them
    case 2:
      return iequals(name, "TE");
    case 7:
      return iequals(name, "Trailer") || iequals(name, "Upgrade");
    case 10:
      return iequals(name, "Connection") || iequals(name, "Keep-Alive");
    case 16:
      return iequals(name, "Proxy-Connection");
    case 17:
      return iequals(name, "Transfer-Encoding");
    case 18:
      return iequals(name, "Proxy-Authenticate");
    case 19:
      return iequals(name, "Proxy-Authorization");
    default:
      return false;
  }
}

bool names_headers(std::string_view connection) {
  return any_word(connection, [](std::string_view word) {
    return !word.empty() && !iequals(word, "close") && !iequals(word, "keep-alive");
  });
}

bool is_named_in(std::string_view connection, std::string_view name) {
  return any_word(connection, [&](std::string_view word) { return iequals(word, name); });
}

}  // namespace baedal::http
