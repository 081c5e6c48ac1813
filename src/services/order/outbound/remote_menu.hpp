#pragma once

#include "contracts/commands.hpp"
#include "services/order/outbound/remote_service.hpp"

namespace baedal::order {

/// The menu service in another process: GET /menus/{id}.
class RemoteMenu final : public contracts::MenuApi {
 public:
  explicit RemoteMenu(RemoteService& service) : service_(service) {}
  Task<Result<std::optional<contracts::MenuItem>>> find_menu(std::int64_t menu_id) override;

 private:
  RemoteService& service_;
};

}  // namespace baedal::order
