#pragma once

#include <memory>

#include "contracts/commands.hpp"
#include "platform/http/hal/resource.hpp"
#include "platform/service/module.hpp"

namespace baedal::menu {

/// Everything the menu service needs from outside. References outlive the module.
struct Dependencies {
  store::Store& store;
  const Clock& clock;
  const http::hal::Presentation& presentation;
};

/// The service, and its contract for callers in the same process.
class MenuModule : public service::Module {
 public:
  /// Lives as long as the module. Any executor.
  [[nodiscard]] virtual contracts::MenuApi& api() = 0;
};

/// Its collection, as the root resource links to it.
[[nodiscard]] const http::hal::ResourceType& resource_type();
[[nodiscard]] service::StoreSchema store_schema();
[[nodiscard]] std::unique_ptr<MenuModule> make_module(const Dependencies& dependencies);

}  // namespace baedal::menu
