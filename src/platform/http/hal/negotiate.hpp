#pragma once

#include <initializer_list>
#include <optional>
#include <string_view>

#include "platform/http/message.hpp"

namespace baedal::http {

/// Chooses among `offers` (media types, most preferred first) by the request's Accept: quality
/// first, then the order in which the client lists them, then the server's order. The closest range
/// speaks for a type, so that "application/json;q=0, */*" excludes JSON. No Accept → the first
/// offer; nothing acceptable → nullopt (406). Media type parameters other than q are ignored.
[[nodiscard]] std::optional<std::string_view> negotiate(
    const Request& request, std::initializer_list<std::string_view> offers);

/// Whether the Content-Type of the request is one of `types`, parameters ignored. An absent header
/// counts as application/json.
[[nodiscard]] std::optional<std::string_view> content_type_of(
    const Request& request, std::initializer_list<std::string_view> types);

}  // namespace baedal::http
