#pragma once

#include <span>
#include <string_view>

#include "platform/http/message.hpp"

namespace baedal::http {

/// Whether that header is between two neighbours only and is not passed on (RFC 9110 section
/// 7.6.1): Connection and its kin.
[[nodiscard]] bool is_hop_by_hop(std::string_view name);

/// The names a Connection header lists: those are not passed on either. Empty for most messages.
/// "close" and "keep-alive" are no names of headers.
[[nodiscard]] bool names_headers(std::string_view connection);
[[nodiscard]] bool is_named_in(std::string_view connection, std::string_view name);

}  // namespace baedal::http
