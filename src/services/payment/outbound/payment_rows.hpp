#pragma once

#include "platform/store/table.hpp"
#include "services/payment/domain/payment.hpp"

namespace baedal::payment {

[[nodiscard]] store::Row to_row(const Payment& payment);
[[nodiscard]] Payment to_payment(const store::Row& row);

}  // namespace baedal::payment
