#pragma once

#include "platform/http/router.hpp"

namespace baedal::auth {

/// GET /me: who this server takes the caller for, {"subject":"kim","roles":["customer"],
/// "open":false}. Subject null: nobody said. Open: everybody may do everything here.
void add_me_route(http::Router& router);

}  // namespace baedal::auth
