#pragma once

#include <memory>

#include "contracts/commands.hpp"
#include "platform/http/hal/resource.hpp"
#include "platform/service/module.hpp"

namespace baedal::order {

/// Everything the order service needs from outside. References outlive the module.
struct Dependencies {
  store::Store& store;
  const Clock& clock;
  contracts::MenuApi& menus;
  contracts::DeliveryApi& deliveries;
  const http::hal::Presentation& presentation;
};

/// Its collection, as the root resource links to it.
[[nodiscard]] const http::hal::ResourceType& resource_type();
[[nodiscard]] service::StoreSchema store_schema();
[[nodiscard]] std::unique_ptr<service::Module> make_module(const Dependencies& dependencies);

}  // namespace baedal::order
