#include "services/delivery/app/change_delivery.hpp"

#include "services/delivery/app/carry_out.hpp"

namespace baedal::delivery {
namespace {

Result<Decision> decide(const ChangeDeliveryCommand& command, const Delivery& present,
                        Timestamp now) {
  switch (command.action) {
    case DeliveryAction::kNothing:
      return Decision{present, Change::kNone};
    case DeliveryAction::kComplete:
      return complete(present, now, command.completed_at);
    case DeliveryAction::kCancel:
      return cancel(present, now);
  }
  return Decision{present, Change::kNone};
}

/// Whether that courier may ask for it.
Result<void> check_courier(DeliveryTx& tx, const ChangeDeliveryCommand& command) {
  if (!command.courier || command.action == DeliveryAction::kNothing) return {};
  if (command.action == DeliveryAction::kCancel) {
    return fail(ErrorKind::kUnprocessable, "not-for-couriers",
                "A courier does not cancel a delivery; an operator does.");
  }
  auto holder = tx.courier_of(command.id);
  if (!holder) return pass_on(holder);
  if (*holder == command.courier) return {};
  return fail(ErrorKind::kConflict, "delivery-not-yours",
              "The delivery is not yours: whoever has taken it completes it.");
}

}  // namespace

Task<Result<Committed<Delivery>>> ChangeDelivery::run(const ChangeDeliveryCommand& command,
                                                      Check check) {
  auto body = [&](DeliveryTx& tx) -> Result<Delivery> {
    auto found = tx.find(command.id);
    if (!found) return pass_on(found);
    if (!*found) {
      return fail(ErrorKind::kNotFound, "delivery-not-found", "There is no such delivery.");
    }
    const Delivery& present = **found;
    if (!command.precondition.allows(present.version)) {
      return fail(ErrorKind::kPreconditionFailed, "version-mismatch",
                  "The delivery has another version than If-Match asks for.");
    }
    if (auto allowed = check(present); !allowed) return pass_on(allowed);
    if (auto allowed = check_courier(tx, command); !allowed) return pass_on(allowed);
    auto decision = decide(command, present, clock_.now());
    if (!decision) return pass_on(decision);
    return carry_out(tx, *decision);
  };
  co_return co_await store_.commit_once(command.key, body);
}

}  // namespace baedal::delivery
