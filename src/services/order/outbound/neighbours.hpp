#pragma once

#include "contracts/commands.hpp"
#include "services/order/app/ports.hpp"

namespace baedal::order {

/// The delivery service through its contract, wherever it runs.
class ContractDeliveryDesk final : public DeliveryDesk {
 public:
  explicit ContractDeliveryDesk(contracts::DeliveryApi& api) : api_(api) {}
  Task<Result<CancelDecision>> cancel(OrderId order) override;

 private:
  contracts::DeliveryApi& api_;
};

/// The menu service through its contract, wherever it runs.
class ContractMenuCatalog final : public MenuCatalog {
 public:
  explicit ContractMenuCatalog(contracts::MenuApi& api) : api_(api) {}
  Task<Result<std::optional<MenuItem>>> find(MenuId id) override;

 private:
  contracts::MenuApi& api_;
};

}  // namespace baedal::order
