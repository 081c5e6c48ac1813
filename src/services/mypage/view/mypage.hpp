#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "kernel/strong_id.hpp"
#include "kernel/timestamp.hpp"
#include "services/mypage/view/steps.hpp"

namespace baedal::mypage {

using OrderId = StrongId<struct OrderIdTag>;

enum class OrderStatus { kOrdered, kCancelled };
enum class DeliveryStatus { kStarted, kComplete, kCancelled };
enum class PaymentStatus { kPaid, kDeclined, kRefunded };

/// What the order says of itself; the same in each of its events.
struct OrderFacts {
  std::int64_t menu_id = 0;
  std::string menu_name{};
  std::int64_t quantity = 1;
  std::optional<std::int64_t> amount{};
  std::string currency = "KRW";
  Timestamp created_at{};
  friend bool operator==(const OrderFacts&, const OrderFacts&) = default;
};

/// One line of the customer's page: an order with its delivery and payment, joined by events alone.
struct Mypage {
  OrderId order{};
  std::optional<OrderFacts> facts{};  ///< none until the order's own event came
  std::optional<OrderStatus> status{};
  std::optional<std::int64_t> delivery_id{};
  std::optional<DeliveryStatus> delivery_status{};
  std::optional<std::int64_t> payment_id{};
  std::optional<PaymentStatus> payment_status{};
  Timestamp updated_at{};  ///< time of the latest event that counted
  Steps steps{};           ///< with its order, delivery and payment

  friend bool operator==(const Mypage&, const Mypage&) = default;
};

struct OrderNews {
  OrderFacts facts{};
  OrderStatus status = OrderStatus::kOrdered;
  std::optional<std::string> customer{};  ///< whose it is; said once, when it is placed
};
struct DeliveryNews {
  std::int64_t delivery_id = 0;
  DeliveryStatus status = DeliveryStatus::kStarted;
};
struct PaymentNews {
  std::int64_t payment_id = 0;
  PaymentStatus status = PaymentStatus::kPaid;
};

/// One event, as far as this view cares.
struct Change {
  OrderId order{};
  Timestamp time{};
  std::variant<OrderNews, DeliveryNews, PaymentNews> news{};
  std::string event{};  ///< its id
};

/// Takes an event into the line; whether it changed. Each part only moves forward (ordered →
/// cancel, started → complete or cancelled, paid → refunded, or declined), so that events seen
/// twice, late or in any order give the same line: replaying all events equals having followed them
/// live. What comes late moves nothing, but it is a step.
bool merge(Mypage& line, const Change& change);

/// Which step that event tells.
[[nodiscard]] StepType step_of(const Change& change);

/// Grows with every change of the order, its delivery or its payment, and is made from their states
/// alone: equal lines have equal versions.
[[nodiscard]] std::int64_t version_of(const Mypage& line);

}  // namespace baedal::mypage
