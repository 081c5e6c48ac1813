#pragma once

#include <optional>
#include <string_view>

#include "platform/auth/csrf.hpp"
#include "platform/auth/verifier.hpp"
#include "platform/http/handler.hpp"

namespace baedal::auth {

/// Where a login is served: there its cookies go through to whoever deals with them.
inline constexpr std::string_view kLoginPath = "/login";
inline constexpr std::string_view kRefreshPath = "/refresh";
inline constexpr std::string_view kLogoutPath = "/logout";

/// In front of IdentityFilter: makes "Authorization: Bearer …" of the cookie a login has set, so
/// that everything behind it, here or in another process, knows only one way to say who asks. The
/// cookies go no further. A cookie that is not taken is as none, and so is one beside an
/// Authorization. A request that would change something and says who asks by cookie alone must also
/// carry the login's X-CSRF-Token: 403 otherwise. Any I/O thread.
class SessionFilter final : public http::HttpHandler {
 public:
  /// All outlive it.
  SessionFilter(http::HttpHandler& inner, Verifier& verifier, const CsrfTokens& csrf)
      : inner_(inner), verifier_(verifier), csrf_(csrf) {}
  Task<http::Response> handle(http::Request& request) override;

 private:
  Task<http::Response> handle_with_cookies(http::Request& request);
  /// What is wrong with `request`, which the login of that name makes; nullptr: nothing.
  [[nodiscard]] const char* find_fault(const http::Request& request,
                                       std::string_view session) const;

  http::HttpHandler& inner_;
  Verifier& verifier_;
  const CsrfTokens& csrf_;
};

}  // namespace baedal::auth
