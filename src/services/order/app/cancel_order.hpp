#pragma once

#include "kernel/clock.hpp"
#include "kernel/function_ref.hpp"
#include "kernel/precondition.hpp"
#include "services/order/app/ports.hpp"

namespace baedal::order {

struct CancelOrderCommand {
  OrderId order{};
  Precondition precondition{};
  OnceKey key{};
};

/// Cancels an order, synchronously with its delivery: the one step that waits for another service.
/// The delivery decides; only after its yes does this service commit. When the answer is lost,
/// DeliveryCancelled brings the order to the same state later.
class CancelOrder {
 public:
  /// What the caller says of the order as it is; its error is passed on.
  using Check = FunctionRef<Result<void>(const Order& present)>;

  CancelOrder(OrderStore& store, DeliveryDesk& deliveries, const Clock& clock)
      : store_(store), deliveries_(deliveries), clock_(clock) {}

  /// A cancelled order is given back unchanged, without asking again. kConflict: the delivery is
  /// complete. kUnavailable: the delivery cannot be asked; the order is unchanged. The precondition
  /// and `check` come before the delivery is asked, since after its yes there is no way back; a
  /// replay asks neither.
  Task<Result<Committed<Order>>> run(const CancelOrderCommand& command, Check check);

 private:
  Task<Result<Committed<Order>>> commit(const CancelOrderCommand& command, DeliveryId delivery);

  OrderStore& store_;
  DeliveryDesk& deliveries_;
  const Clock& clock_;
};

}  // namespace baedal::order
