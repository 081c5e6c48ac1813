#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "kernel/error.hpp"
#include "kernel/strong_id.hpp"
#include "kernel/timestamp.hpp"

namespace baedal::delivery {

using DeliveryId = StrongId<struct DeliveryIdTag>;
using OrderId = StrongId<struct OrderIdTag>;

/// Complete and cancelled are final.
enum class DeliveryStatus { kStarted, kComplete, kCancelled };

/// The delivery of one order; an order never has two.
struct Delivery {
  DeliveryId id{};
  OrderId order_id{};
  DeliveryStatus status = DeliveryStatus::kStarted;
  std::int64_t version = 0;  ///< +1 at each change
  Timestamp created_at{};
  Timestamp updated_at{};
  /// When the food was there: said by who completed it, else when that was heard. Only of a
  /// complete one.
  std::optional<Timestamp> completed_at{};
};

/// How far the clock of who completes a delivery may be off, and how late it may be told.
inline constexpr std::chrono::minutes kClockSkewMax{2};
inline constexpr std::chrono::hours kToldLateMax{24};

/// What a decision asks to be written. Whatever is written is told to the others as well: the event
/// follows from the status.
enum class Change { kNone, kNew, kChanged };

/// The delivery as decided, and what that means for the row. A new one has no id yet.
struct Decision {
  Delivery delivery{};
  Change change = Change::kNone;
};

/// The order is paid: its delivery starts, unless there is a delivery already. A cancelled one
/// stays cancelled: the cancel came before the payment's news.
[[nodiscard]] Decision start(const std::optional<Delivery>& present, OrderId order, Timestamp now);

/// The food is there, since `at` where that is said: who had no network tells later. kConflict
/// ("delivery-cancelled") once cancelled; kUnprocessable ("completed-at-impossible") for a time to
/// come, before the delivery started, or too long ago. Within kClockSkewMax it is now, or the
/// start. What is complete stays as it is, whatever `at` says.
[[nodiscard]] Result<Decision> complete(const Delivery& present, Timestamp now,
                                        std::optional<Timestamp> at = {});

/// kConflict ("delivery-complete") once complete.
[[nodiscard]] Result<Decision> cancel(const Delivery& present, Timestamp now);

/// Cancels by order. Without a delivery a cancelled one is written, so that the order's delivery
/// never starts. A complete delivery is given back as it is: that is the refusal.
[[nodiscard]] Decision cancel_of_order(const std::optional<Delivery>& present, OrderId order,
                                       Timestamp now);

}  // namespace baedal::delivery
