#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "kernel/error.hpp"
#include "kernel/money.hpp"
#include "kernel/strong_id.hpp"
#include "kernel/timestamp.hpp"

namespace baedal::order {

using OrderId = StrongId<struct OrderIdTag>;
using MenuId = StrongId<struct MenuIdTag>;
using DeliveryId = StrongId<struct DeliveryIdTag>;
using PaymentId = StrongId<struct PaymentIdTag>;

enum class OrderStatus { kOrdered, kCancelled };
enum class DeliveryStatus { kStarted, kComplete, kCancelled };
enum class PaymentStatus { kPaid, kDeclined, kRefunded };

inline constexpr std::int64_t kQuantityMin = 1;
inline constexpr std::int64_t kQuantityMax = 999;

/// A menu as this service knows it: fed by events, copied into the order at the moment of ordering.
struct MenuItem {
  MenuId id{};
  std::string name{};
  std::optional<Money> price{};  ///< none: the menu was registered without a price
  Currency currency = Currency::krw();
  bool sold_out = false;
  bool deleted = false;
  std::int64_t version = 0;
};

/// An order. The delivery and payment members repeat what those services decided; this service
/// alone decides `status`, and only after the delivery.
struct Order {
  OrderId id{};
  MenuId menu_id{};
  std::string menu_name{};
  std::int64_t quantity = 1;
  OrderStatus status = OrderStatus::kOrdered;
  std::optional<DeliveryStatus> delivery_status{};
  std::optional<DeliveryId> delivery_id{};
  std::optional<std::int64_t> amount{};  ///< minor units of `currency`; none: no price
  Currency currency = Currency::krw();
  std::optional<PaymentId> payment_id{};
  std::optional<PaymentStatus> payment_status{};
  std::int64_t version = 0;  ///< +1 at each change
  Timestamp created_at{};
  Timestamp updated_at{};
};

/// What a decision means for the order: nothing, a change, or a change that others must hear of.
enum class Outcome { kUnchanged, kChanged, kCancelled };

/// A new order of `item`, without an id yet. kUnprocessable when the menu is deleted, sold out or
/// the amount does not fit.
[[nodiscard]] Result<Order> place(const MenuItem& item, std::int64_t quantity, Timestamp now);

/// Whether asking the delivery service makes sense: a known complete delivery is final.
[[nodiscard]] bool may_ask_for_cancel(const Order& order);

/// The delivery service says what became of the order's delivery. It is the one decider: a
/// cancelled delivery cancels the order, a complete one is final, and news that come late or twice
/// change nothing.
Outcome follow_delivery(Order& order, DeliveryId delivery, DeliveryStatus status, Timestamp now);

/// The payment service says what became of the order's payment.
Outcome follow_payment(Order& order, PaymentId payment, PaymentStatus status, Timestamp now);

}  // namespace baedal::order
