#pragma once

#include <functional>

#include "contracts/commands.hpp"
#include "platform/resilience/retry_policy.hpp"
#include "services/order/outbound/remote_service.hpp"

namespace baedal::order {

/// The menu service in another process: GET /menus/{id}. Reading does no harm, so that what fails
/// is asked again, after a pause with jitter.
class RemoteMenu final : public contracts::MenuApi {
 public:
  /// `random` draws from [0, 1), on any I/O thread.
  RemoteMenu(RemoteService& service, resilience::RetryPolicy retry, std::function<double()> random)
      : service_(service), retry_(retry), random_(std::move(random)) {}
  Task<Result<std::optional<contracts::MenuItem>>> find_menu(std::int64_t menu_id) override;

 private:
  Task<Result<std::optional<contracts::MenuItem>>> ask(std::int64_t menu_id);

  RemoteService& service_;
  const resilience::RetryPolicy retry_;
  const std::function<double()> random_;
};

}  // namespace baedal::order
