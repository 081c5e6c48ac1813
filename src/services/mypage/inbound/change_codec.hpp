#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "kernel/error.hpp"
#include "platform/messaging/envelope.hpp"
#include "services/mypage/view/mypage.hpp"

namespace baedal::mypage {

/// The event types this view is made of.
[[nodiscard]] std::span<const std::string_view> event_types();

/// What an event means for the view; nullopt when the view is not made of that type.
[[nodiscard]] Result<std::optional<Change>> to_change(const messaging::Envelope& envelope);

}  // namespace baedal::mypage
