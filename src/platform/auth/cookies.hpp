#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "platform/http/message.hpp"

/// The two cookies of a login. With their prefix a browser takes them only over TLS, from this very
/// host and for all of it (RFC 6265bis section 4.1.3.2): no neighbour domain plants another.
namespace baedal::auth {

inline constexpr std::string_view kSessionCookie = "__Host-baedal";          ///< an access token
inline constexpr std::string_view kRefreshCookie = "__Host-baedal-refresh";  ///< a refresh token

/// The value of that cookie; empty when it is not there, or there with two values.
[[nodiscard]] std::string_view cookie_of(const http::Request& request, std::string_view name);

/// A Cookie header's value without the cookies of a login; those of others stay as they are.
[[nodiscard]] std::string without_login(std::string_view cookies);

/// A Set-Cookie that scripts cannot read and other sites cannot make the browser send. `lasts` of 0
/// takes the cookie away.
[[nodiscard]] std::string set_cookie(std::string_view name, std::string_view value,
                                     std::chrono::seconds lasts);

}  // namespace baedal::auth
