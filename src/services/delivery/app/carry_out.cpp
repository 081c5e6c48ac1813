#include "services/delivery/app/carry_out.hpp"

namespace baedal::delivery {
namespace {

Result<void> save(DeliveryTx& tx, Decision& decision) {
  if (decision.change == Change::kChanged) return tx.update(decision.delivery);
  auto id = tx.next_id();
  if (!id) return pass_on(id);
  decision.delivery.id = *id;
  return tx.insert(decision.delivery);
}

}  // namespace

Result<Delivery> carry_out(DeliveryTx& tx, Decision decision) {
  if (decision.change == Change::kNone) return decision.delivery;
  if (auto saved = save(tx, decision); !saved) return pass_on(saved);
  if (auto appended = tx.append(decision.delivery); !appended) return pass_on(appended);
  return decision.delivery;
}

}  // namespace baedal::delivery
