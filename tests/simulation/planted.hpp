#pragma once

#include <memory>
#include <optional>

#include "contracts/commands.hpp"
#include "platform/store/store.hpp"
#include "simulation/bug.hpp"

namespace baedal::simulation {

/// The store with that mistake in it; the store itself when the mistake is made elsewhere.
[[nodiscard]] std::unique_ptr<store::Store> plant(std::unique_ptr<store::Store> store,
                                                  std::optional<Bug> bug);

/// Bug::kCancelsWithoutAsking: says yes, and no delivery ever hears of it.
class YesDelivery final : public contracts::DeliveryApi {
 public:
  Task<Result<contracts::DeliveryDecision>> cancel_delivery_of(std::int64_t) override {
    co_return contracts::DeliveryDecision{.delivery_id = 1, .cancelled = true};
  }
};

}  // namespace baedal::simulation
