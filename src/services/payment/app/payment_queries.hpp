#pragma once

#include "services/payment/app/ports.hpp"

namespace baedal::payment {

/// Reads: committed state only.
class PaymentQueries {
 public:
  explicit PaymentQueries(PaymentStore& store) : store_(store) {}
  Task<Result<std::optional<Payment>>> find(PaymentId id) { return store_.find(id); }
  Task<Result<std::optional<Payment>>> find_by_order(OrderId order) {
    return store_.find_by_order(order);
  }
  Task<Result<PaymentList>> list(const PaymentListRequest& request) { return store_.list(request); }
  Task<Result<PaymentSlice>> list_by_status(PaymentStatus status,
                                            const PaymentListRequest& request) {
    return store_.list_by_status(status, request);
  }

 private:
  PaymentStore& store_;
};

}  // namespace baedal::payment
