#pragma once

#include <chrono>
#include <optional>

#include "kernel/clock.hpp"
#include "platform/auth/csrf.hpp"
#include "platform/http/router.hpp"
#include "services/accounts/app/refresh.hpp"

namespace baedal::accounts {

/// How people get in and out:
///   POST /login {"name":"kim","password":"…"}   200, and two cookies that scripts cannot read
///   POST /login {…,"as":"token"}                200 with an access token in the body, no cookies
///   POST /refresh                               200, and two new cookies for the old ones
///   POST /logout                                204, and no cookies any more
/// None of them is for another site's page. Where nobody has an account (no tools) the first two
/// are 404. Must outlive the router.
class Logins {
 public:
  /// Borrows everything.
  struct Tools {
    Login& login;
    Refresh& refresh;
    Logout& logout;
    LoginGate& gate;
    const auth::CsrfTokens& csrf;
    const Clock& clock;
    std::chrono::seconds access_lasts;
  };

  explicit Logins(const std::optional<Tools>& tools) : tools_(tools) {}
  void add_routes(http::Router& router);

 private:
  Task<http::Response> post_login(http::Request& request);
  Task<http::Response> post_refresh(http::Request& request);
  Task<http::Response> post_logout(http::Request& request);
  [[nodiscard]] http::Response let_in(const Granted& granted) const;

  const std::optional<Tools> tools_;
};

}  // namespace baedal::accounts
