#pragma once

#include "kernel/clock.hpp"
#include "services/payment/app/ports.hpp"
#include "services/payment/app/settle_worker.hpp"

namespace baedal::payment {

/// An order as far as its payment is concerned.
struct OrderNews {
  OrderId order{};
  Money amount{};
  PaymentToken token{};
};

/// Opens the payment of each new order, and turns it back when the order is cancelled. Commits only
/// what is wanted; the worker does the rest with the provider, afterwards. Each call is idempotent
/// by the payment's own state: one per order, which goes only forward.
class FollowOrders {
 public:
  FollowOrders(PaymentStore& store, SettleWorker& worker, const Clock& clock)
      : store_(store), worker_(worker), clock_(clock) {}

  /// One payment per order: nothing happens when there is one already.
  Task<Result<void>> ordered(const OrderNews& news);
  /// Also for an order not heard of yet: then it will never be charged.
  Task<Result<void>> cancelled(OrderId order, Currency currency);

 private:
  PaymentStore& store_;
  SettleWorker& worker_;
  const Clock& clock_;
};

}  // namespace baedal::payment
