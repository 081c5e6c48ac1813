#pragma once

#include "kernel/clock.hpp"
#include "platform/store/store.hpp"
#include "services/payment/app/ports.hpp"

namespace baedal::payment {

/// PaymentStore over any product behind store::Store: maps payments to rows and events to the
/// outbox.
class StoredPayments final : public PaymentStore {
 public:
  StoredPayments(store::Store& store, const Clock& clock) : store_(store), clock_(clock) {}

  Task<Result<void>> commit(FunctionRef<Result<void>(PaymentTx&)> body) override;
  Task<Result<std::optional<Payment>>> find(PaymentId id) override;
  Task<Result<std::optional<Payment>>> find_by_order(OrderId order) override;
  Task<Result<PaymentList>> list(const PaymentListRequest& request) override;
  Task<Result<PaymentSlice>> list_by_status(PaymentStatus status,
                                            const PaymentListRequest& request) override;

 private:
  store::Store& store_;
  const Clock& clock_;
};

}  // namespace baedal::payment
