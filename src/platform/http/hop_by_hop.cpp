#include "platform/http/hop_by_hop.hpp"

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

void end_hop(Request& request) {
  std::vector<HeaderView>& headers = request.headers;
  std::vector<std::string_view> connections;
  for (const HeaderView& header : headers) {
    if (iequals(header.name, "Connection")) connections.push_back(header.value);
  }
  if (connections.empty()) {
    std::erase_if(headers, [](const HeaderView& h) { return iequals(h.name, "Upgrade"); });
    return;
  }
  const auto named = [&](std::string_view name) {
    return std::ranges::any_of(connections, [&](auto list) { return is_named_in(list, name); });
  };
  const bool web_socket = request.method == Method::kGet && named("Upgrade") &&
                          iequals(request.header("Upgrade").value_or(""), "websocket") &&
                          request.body.empty() && !request.stream;
  std::erase_if(headers, [&](const HeaderView& header) {
    if (iequals(header.name, "Upgrade")) return !web_socket;
    return iequals(header.name, "Connection") || named(header.name);
  });
}

}  // namespace baedal::http
