#pragma once

#include "platform/http/hal/presentation.hpp"
#include "platform/http/router.hpp"
#include "services/mypage/app/line_watchers.hpp"
#include "services/mypage/app/projection.hpp"
#include "services/mypage/inbound/mypage_resources.hpp"

namespace baedal::mypage {

/// Adds GET /mypages/{id}/stream: the line as server-sent events, first as it is, then each time it
/// has changed. The event's id is the line's version, so that who comes back with Last-Event-ID
/// hears only of what is newer. A customer follows their own lines only, as `resources` admits
/// them. All outlive the router.
void add_stream_route(http::Router& router, MypageResources& resources,
                      const Projection& projection, LineWatchers& watchers,
                      const http::hal::Presentation& presentation);

}  // namespace baedal::mypage
