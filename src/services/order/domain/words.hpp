#pragma once

#include <optional>
#include <string_view>

#include "services/order/domain/order.hpp"

/// The states in the words of the seed, as they stand in answers, events and rows.
namespace baedal::order {

[[nodiscard]] std::string_view to_word(OrderStatus status);     ///< ordered, cancel
[[nodiscard]] std::string_view to_word(DeliveryStatus status);  ///< started, complete, cancelled
[[nodiscard]] std::string_view to_word(PaymentStatus status);   ///< paid, declined, refunded

[[nodiscard]] std::optional<OrderStatus> parse_order_status(std::string_view word);
[[nodiscard]] std::optional<DeliveryStatus> parse_delivery_status(std::string_view word);
[[nodiscard]] std::optional<PaymentStatus> parse_payment_status(std::string_view word);

}  // namespace baedal::order
