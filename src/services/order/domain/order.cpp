#include "services/order/domain/order.hpp"

namespace baedal::order {
namespace {

void touch(Order& order, Timestamp now) {
  ++order.version;
  order.updated_at = now;
}

/// Started is only news while nothing is known; complete and cancelled are final.
bool accepts(const Order& order, DeliveryStatus news) {
  if (!order.delivery_status) return true;
  return *order.delivery_status == DeliveryStatus::kStarted && news != DeliveryStatus::kStarted;
}

bool accepts(const Order& order, PaymentStatus news) {
  if (!order.payment_status) return true;
  return *order.payment_status == PaymentStatus::kPaid && news == PaymentStatus::kRefunded;
}

}  // namespace

Result<Order> place(const MenuItem& item, std::int64_t quantity, Timestamp now) {
  if (item.deleted) {
    return fail(ErrorKind::kUnprocessable, "menu-unknown", "There is no such menu.");
  }
  if (item.sold_out) {
    return fail(ErrorKind::kUnprocessable, "menu-sold-out", "The menu is sold out.");
  }
  Order order{.menu_id = item.id, .menu_name = item.name, .quantity = quantity};
  order.currency = item.currency;
  if (item.price) {
    const auto amount = item.price->times(quantity);
    if (!amount) {
      return fail(ErrorKind::kUnprocessable, "amount-too-large",
                  "Price times quantity is too large.");
    }
    order.amount = amount->minor_units;
  }
  order.version = 1;
  order.created_at = now;
  order.updated_at = now;
  return order;
}

bool may_ask_for_cancel(const Order& order) {
  return order.delivery_status != DeliveryStatus::kComplete;
}

Outcome follow_delivery(Order& order, DeliveryId delivery, DeliveryStatus status, Timestamp now) {
  if (!accepts(order, status)) return Outcome::kUnchanged;
  order.delivery_id = delivery;
  order.delivery_status = status;
  touch(order, now);
  if (status != DeliveryStatus::kCancelled) return Outcome::kChanged;
  order.status = OrderStatus::kCancelled;
  return Outcome::kCancelled;
}

Outcome follow_payment(Order& order, PaymentId payment, PaymentStatus status, Timestamp now) {
  if (!accepts(order, status)) return Outcome::kUnchanged;
  order.payment_id = payment;
  order.payment_status = status;
  touch(order, now);
  return Outcome::kChanged;
}

}  // namespace baedal::order
