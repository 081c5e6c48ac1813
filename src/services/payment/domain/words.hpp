#pragma once

#include <optional>
#include <string_view>

#include "services/payment/domain/settling.hpp"

/// The states and actions as words: in answers, events, rows and at the provider.
namespace baedal::payment {

/// requested, paid, declined, refunding, refunded
[[nodiscard]] std::string_view to_word(PaymentStatus status);
[[nodiscard]] std::optional<PaymentStatus> parse_payment_status(std::string_view word);

/// authorise, capture, void, refund
[[nodiscard]] std::string_view to_word(Action action);

}  // namespace baedal::payment
