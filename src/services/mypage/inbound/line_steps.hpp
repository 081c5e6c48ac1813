#pragma once

#include "platform/http/hal/presentation.hpp"
#include "platform/http/router.hpp"
#include "services/mypage/app/projection.hpp"
#include "services/mypage/inbound/mypage_resources.hpp"

namespace baedal::mypage {

/// Adds GET /mypages/{id}/events: what the order has gone through, each step with its event and its
/// time. A customer sees those of their own lines only, as `resources` admits them. All outlive the
/// router.
void add_events_route(http::Router& router, MypageResources& resources,
                      const Projection& projection, const http::hal::Presentation& presentation);

}  // namespace baedal::mypage
