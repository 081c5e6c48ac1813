#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "kernel/error.hpp"
#include "kernel/timestamp.hpp"

/// The events between services: what they carry and how they look on the wire (api/events). The
/// first members are the seed's, in its order; later ones are ours. A reader ignores members it
/// does not know, and takes every added member as optional, so that the seed's own events are
/// understood.
namespace baedal::contracts {

namespace event {
inline constexpr std::string_view kMenuCreated = "MenuCreated";
inline constexpr std::string_view kMenuChanged = "MenuChanged";
inline constexpr std::string_view kMenuDeleted = "MenuDeleted";
inline constexpr std::string_view kOrdered = "Ordered";
inline constexpr std::string_view kOrderCancelled = "OrderCancelled";
inline constexpr std::string_view kPaid = "Paid";
inline constexpr std::string_view kPaymentFailed = "PaymentFailed";
inline constexpr std::string_view kPaymentRefunded = "PaymentRefunded";
inline constexpr std::string_view kDeliveryStarted = "DeliveryStarted";
inline constexpr std::string_view kDeliveryCompleted = "DeliveryCompleted";
inline constexpr std::string_view kDeliveryCancelled = "DeliveryCancelled";
}  // namespace event

/// MenuCreated, MenuChanged, MenuDeleted. Key: the menu id.
struct MenuEvent {
  std::int64_t id = 0;
  std::string menu_name{};
  std::optional<std::int64_t> price{};  ///< minor units; absent: no price set
  std::string currency = "KRW";
  bool sold_out = false;
  std::int64_t version = 0;  ///< of the menu; 0 on a foreign event
};

/// Ordered, OrderCancelled. Key: the order id.
struct OrderEvent {
  std::int64_t id = 0;
  std::int64_t menu_id = 0;
  std::string menu_name{};
  std::int64_t quantity = 1;
  std::string status{};
  std::optional<std::string> delivery_status{};
  std::optional<std::int64_t> delivery_id{};
  std::optional<std::int64_t> amount{};  ///< minor units; absent: the menu has no price
  std::string currency = "KRW";
  std::optional<std::string> payment_token{};  ///< only on Ordered
  std::optional<std::string> payment_status{};
  std::optional<std::int64_t> payment_id{};
  std::optional<std::string> customer_id{};  ///< only on Ordered; absent: nobody's
  std::int64_t version = 0;
  Timestamp created_at{};
};

/// Paid, PaymentFailed, PaymentRefunded. Key: the order id.
struct PaymentEvent {
  std::int64_t id = 0;
  std::int64_t order_id = 0;
  std::string status{};  ///< paid, declined, refunded
  std::int64_t amount = 0;
  std::string currency = "KRW";
  std::int64_t version = 0;
};

/// DeliveryStarted, DeliveryCompleted, DeliveryCancelled. Key: the order id.
struct DeliveryEvent {
  std::int64_t id = 0;
  std::int64_t order_id = 0;
  std::string status{};  ///< started, complete, cancelled
  std::int64_t version = 0;
  /// Only on DeliveryCompleted: when the food was there, which may be told later.
  std::optional<Timestamp> completed_at{};
};

/// The wire form: one compact JSON object, `eventType` and `timestamp` first, `me` last.
[[nodiscard]] std::string encode(std::string_view type, Timestamp time, const MenuEvent& event);
[[nodiscard]] std::string encode(std::string_view type, Timestamp time, const OrderEvent& event);
[[nodiscard]] std::string encode(std::string_view type, Timestamp time, const PaymentEvent& event);
[[nodiscard]] std::string encode(std::string_view type, Timestamp time, const DeliveryEvent& event);

/// kInvalid when the text is no JSON object or lacks what the event cannot do without.
[[nodiscard]] Result<MenuEvent> decode_menu_event(std::string_view data);
[[nodiscard]] Result<OrderEvent> decode_order_event(std::string_view data);
[[nodiscard]] Result<PaymentEvent> decode_payment_event(std::string_view data);
[[nodiscard]] Result<DeliveryEvent> decode_delivery_event(std::string_view data);

}  // namespace baedal::contracts
