#pragma once

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
};

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

/// The food is there. kConflict ("delivery-cancelled") once cancelled.
[[nodiscard]] Result<Decision> complete(const Delivery& present, Timestamp now);

/// kConflict ("delivery-complete") once complete.
[[nodiscard]] Result<Decision> cancel(const Delivery& present, Timestamp now);

/// Cancels by order. Without a delivery a cancelled one is written, so that the order's delivery
/// never starts. A complete delivery is given back as it is: that is the refusal.
[[nodiscard]] Decision cancel_of_order(const std::optional<Delivery>& present, OrderId order,
                                       Timestamp now);

}  // namespace baedal::delivery
