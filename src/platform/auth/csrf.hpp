#pragma once

#include <string>
#include <string_view>

#include "platform/http/message.hpp"

namespace baedal::auth {

/// The header in which a page repeats the token that GET /me gave it.
inline constexpr std::string_view kCsrfHeader = "X-CSRF-Token";

/// What tells a page of this server from another that only makes the browser send its cookies: a
/// token of the login, which can be read from here and not from elsewhere. Nothing is kept. Any
/// thread.
class CsrfTokens {
 public:
  /// `key`: secret bytes, the same in all processes that serve one login.
  explicit CsrfTokens(std::string key) : key_(std::move(key)) {}

  /// The token of that login, as long as that goes on.
  [[nodiscard]] std::string of(std::string_view session) const;
  /// In a time that tells nothing of where they differ.
  [[nodiscard]] bool is_of(std::string_view session, std::string_view token) const;

 private:
  const std::string key_;
};

/// Whether a browser says that another site's page makes this request (Sec-Fetch-Site, or Origin
/// where that is not sent). Clients that are no browsers send neither.
[[nodiscard]] bool is_of_another_site(const http::Request& request);

}  // namespace baedal::auth
