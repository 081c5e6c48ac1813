#pragma once

#include <optional>
#include <string_view>

#include "services/mypage/view/mypage.hpp"

/// The states in the words of the seed.
namespace baedal::mypage {

[[nodiscard]] std::string_view to_word(OrderStatus status);
[[nodiscard]] std::string_view to_word(DeliveryStatus status);
[[nodiscard]] std::string_view to_word(PaymentStatus status);
[[nodiscard]] std::optional<OrderStatus> parse_order_status(std::string_view word);
[[nodiscard]] std::optional<DeliveryStatus> parse_delivery_status(std::string_view word);
[[nodiscard]] std::optional<PaymentStatus> parse_payment_status(std::string_view word);

}  // namespace baedal::mypage
