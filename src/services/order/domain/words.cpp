#include "services/order/domain/words.hpp"

#include <initializer_list>

namespace baedal::order {
namespace {

template <class Status>
std::optional<Status> parse(std::string_view word, std::initializer_list<Status> all) {
  for (const Status status : all) {
    if (to_word(status) == word) return status;
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_word(OrderStatus status) {
  switch (status) {
    case OrderStatus::kOrdered:
      return "ordered";
    case OrderStatus::kCancelled:
      return "cancel";
  }
  return {};
}

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

std::string_view to_word(PaymentStatus status) {
  switch (status) {
    case PaymentStatus::kPaid:
      return "paid";
    case PaymentStatus::kDeclined:
      return "declined";
    case PaymentStatus::kRefunded:
      return "refunded";
  }
  return {};
}

std::optional<OrderStatus> parse_order_status(std::string_view word) {
  return parse(word, {OrderStatus::kOrdered, OrderStatus::kCancelled});
}

std::optional<DeliveryStatus> parse_delivery_status(std::string_view word) {
  return parse(word,
               {DeliveryStatus::kStarted, DeliveryStatus::kComplete, DeliveryStatus::kCancelled});
}

std::optional<PaymentStatus> parse_payment_status(std::string_view word) {
  return parse(word, {PaymentStatus::kPaid, PaymentStatus::kDeclined, PaymentStatus::kRefunded});
}

}  // namespace baedal::order
