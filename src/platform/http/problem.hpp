#pragma once

#include <string_view>

#include "kernel/clock.hpp"
#include "kernel/error.hpp"
#include "platform/http/message.hpp"

namespace baedal::http {

/// The one mapping of errors to statuses.
[[nodiscard]] int status_of(ErrorKind kind);

/// application/problem+json (RFC 9457: type, title, status, detail, instance, code) that also
/// carries the seed's fields (timestamp, error, message, path) and, for rejected fields, Spring's
/// `errors: [{entity, property, invalidValue, message}]`. Adds Retry-After when the error has one.
/// `extra` is JSON members to append ("\"order\":{…}"), or empty.
[[nodiscard]] Response problem(const Error& error, const Request& request,
                               std::string_view extra = {});

/// A problem by status alone, for what the server and router refuse.
[[nodiscard]] Response problem(int status, std::string_view code, std::string_view detail,
                               const Request& request);

}  // namespace baedal::http
