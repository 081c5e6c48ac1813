#pragma once

#include <string_view>
#include <vector>

#include "platform/http/message.hpp"

namespace baedal::http {

/// Whether that header is between two neighbours only and is not passed on (RFC 9110 section
/// 7.6.1): Connection and its kin.
[[nodiscard]] bool is_hop_by_hop(std::string_view name);

/// The names a Connection header lists: those are not passed on either. Empty for most messages.
/// "close" and "keep-alive" are no names of headers.
[[nodiscard]] bool names_headers(std::string_view connection);
[[nodiscard]] bool is_named_in(std::string_view connection, std::string_view name);

/// Takes Connection, and what it names, out of a request that is to be passed on: before anything
/// is added to it, or a client could have the addition taken out again by naming it. Upgrade stays
/// when it asks for a WebSocket; other protocols (h2c) would carry requests past the filters.
void end_hop(Request& request);

}  // namespace baedal::http
