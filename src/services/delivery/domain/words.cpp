#include "services/delivery/domain/words.hpp"

namespace baedal::delivery {

std::string_view to_word(DeliveryStatus status) {
  switch (status) {
    case DeliveryStatus::kStarted:
      return "started";
    case DeliveryStatus::kComplete:
      return "complete";
    case DeliveryStatus::kCancelled:
      return "cancelled";
  }
  return {};
}

std::optional<DeliveryStatus> parse_delivery_status(std::string_view word) {
  for (const DeliveryStatus status :
       {DeliveryStatus::kStarted, DeliveryStatus::kComplete, DeliveryStatus::kCancelled}) {
    if (to_word(status) == word) return status;
  }
  return std::nullopt;
}

}  // namespace baedal::delivery
