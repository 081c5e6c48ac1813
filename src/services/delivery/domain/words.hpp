#pragma once

#include <optional>
#include <string_view>

#include "services/delivery/domain/delivery.hpp"

/// The states in the words of the seed, as they stand in answers, events and rows.
namespace baedal::delivery {

[[nodiscard]] std::string_view to_word(DeliveryStatus status);  ///< started, complete, cancelled
[[nodiscard]] std::optional<DeliveryStatus> parse_delivery_status(std::string_view word);

}  // namespace baedal::delivery
