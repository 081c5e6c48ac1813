#pragma once

#include "platform/auth/csrf.hpp"
#include "platform/http/router.hpp"

namespace baedal::auth {

/// GET /me: who this server takes the caller for, {"subject":"kim","roles":["customer"],
/// "open":false}. Subject null: nobody said. Open: everybody may do everything here. Where people
/// log in here (`csrf` is not null, and then outlives the router) also "login":true and, to who has
/// done so, the "csrfToken" that their page sends with what changes something.
void add_me_route(http::Router& router, const CsrfTokens* csrf = nullptr);

}  // namespace baedal::auth
