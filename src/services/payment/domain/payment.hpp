#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "kernel/money.hpp"
#include "kernel/strong_id.hpp"
#include "kernel/timestamp.hpp"

namespace baedal::payment {

using PaymentId = StrongId<struct PaymentIdTag>;
using OrderId = StrongId<struct OrderIdTag>;

/// Stands for the customer's means of payment at the provider. A secret: it has no way into a text
/// but reveal(). Empty: the provider's default means.
class PaymentToken {
 public:
  PaymentToken() = default;
  explicit PaymentToken(std::string value) : value_(std::move(value)) {}
  [[nodiscard]] const std::string& reveal() const { return value_; }
  friend bool operator==(const PaymentToken&, const PaymentToken&) = default;

 private:
  std::string value_;
};

/// requested → paid | declined; requested, paid → refunding → refunded (or declined, when it turns
/// out that there was never anything to give back).
enum class PaymentStatus { kRequested, kPaid, kDeclined, kRefunding, kRefunded };

/// The one payment of an order. It alone decides money: what the provider says becomes true here by
/// a commit, and nowhere else.
struct Payment {
  PaymentId id{};
  OrderId order_id{};
  Money amount{};
  PaymentToken token{};  ///< forgotten once the payment is final
  PaymentStatus status = PaymentStatus::kRequested;
  bool captured = false;      ///< the provider has taken the money
  std::int64_t attempts = 0;  ///< calls of the provider, as far as they led to a commit
  std::int64_t version = 0;   ///< +1 at each change
  Timestamp created_at{};
  Timestamp updated_at{};
};

/// What a decision means for the payment: nothing, a change, or a change that others must hear of.
enum class Outcome { kUnchanged, kChanged, kPaid, kFailed, kRefunded };

/// The payment of a new order, without an id yet.
[[nodiscard]] Payment request(OrderId order, Money amount, PaymentToken token, Timestamp now);

/// What stands in for the payment of an order whose cancel was heard before the order itself:
/// refunded, without any money, so that the late order charges nothing. Without an id yet.
[[nodiscard]] Payment cancelled_before_request(OrderId order, Currency currency, Timestamp now);

/// The order is cancelled: what was taken, or may have been, is to be given back.
Outcome cancel(Payment& payment, Timestamp now);

/// Notes a change at `now`.
void touch(Payment& payment, Timestamp now);

}  // namespace baedal::payment
