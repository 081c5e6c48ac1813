#pragma once

#include "platform/http/router.hpp"
#include "services/mypage/app/rebuild.hpp"

namespace baedal::mypage {

/// POST /actuator/projections/mypage: rebuilds the view while it serves, and answers when it is
/// done: {"events":…,"lines":…,"differences":…}. 409 while another rebuild runs.
void add_rebuild_route(http::Router& router, RebuildView& rebuild);

}  // namespace baedal::mypage
