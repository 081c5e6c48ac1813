#pragma once

#include "kernel/clock.hpp"
#include "kernel/precondition.hpp"
#include "services/delivery/app/ports.hpp"

namespace baedal::delivery {

/// What a client may ask of a delivery.
enum class DeliveryAction { kNothing, kComplete, kCancel };

struct ChangeDeliveryCommand {
  DeliveryId id{};
  DeliveryAction action = DeliveryAction::kNothing;
  Precondition precondition{};
  OnceKey key{};
  /// The courier who asks, and may complete what he has taken; none: somebody who may do all.
  std::optional<std::string> courier{};
  /// Of kComplete: when it was, where that is said.
  std::optional<Timestamp> completed_at{};
};

/// Completes or cancels a delivery. Cancel against complete is decided here, inside one commit.
class ChangeDelivery {
 public:
  /// Whether the client may ask for it, seen the delivery as it is: an error refuses. Runs inside
  /// the commit, on the store's thread, possibly more than once.
  using Check = FunctionRef<Result<void>(const Delivery&)>;

  ChangeDelivery(DeliveryStore& store, const Clock& clock) : store_(store), clock_(clock) {}

  /// The same status again, and kNothing, give the delivery back unchanged. kNotFound;
  /// kPreconditionFailed; what `check` says; kConflict when the other final state came first, or
  /// the courier has not taken it; kUnprocessable for a courier who cancels, and for a time at
  /// which it cannot have been.
  Task<Result<Committed<Delivery>>> run(const ChangeDeliveryCommand& command, Check check);

 private:
  DeliveryStore& store_;
  const Clock& clock_;
};

}  // namespace baedal::delivery
