#pragma once

#include <string>

#include "services/delivery/app/ports.hpp"

namespace baedal::delivery {

/// A courier takes a delivery: first come, first served, decided inside one commit.
class ClaimDelivery {
 public:
  explicit ClaimDelivery(DeliveryStore& store) : store_(store) {}

  /// Taking one's own again changes nothing. kNotFound; kConflict when another has it, or it is
  /// complete or cancelled.
  Task<Result<Delivery>> run(DeliveryId id, const std::string& courier);

 private:
  DeliveryStore& store_;
};

}  // namespace baedal::delivery
