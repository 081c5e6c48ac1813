#include "services/payment/domain/words.hpp"

namespace baedal::payment {

std::string_view to_word(PaymentStatus status) {
  switch (status) {
    case PaymentStatus::kRequested:
      return "requested";
    case PaymentStatus::kPaid:
      return "paid";
    case PaymentStatus::kDeclined:
      return "declined";
    case PaymentStatus::kRefunding:
      return "refunding";
    case PaymentStatus::kRefunded:
      return "refunded";
  }
  return {};
}

std::string_view to_word(Action action) {
  switch (action) {
    case Action::kNone:
      return "none";
    case Action::kAuthorise:
      return "authorise";
    case Action::kCapture:
      return "capture";
    case Action::kVoid:
      return "void";
    case Action::kRefund:
      return "refund";
  }
  return {};
}

std::optional<PaymentStatus> parse_payment_status(std::string_view word) {
  using enum PaymentStatus;
  for (const PaymentStatus status : {kRequested, kPaid, kDeclined, kRefunding, kRefunded}) {
    if (to_word(status) == word) return status;
  }
  return std::nullopt;
}

}  // namespace baedal::payment
