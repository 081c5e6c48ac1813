#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "kernel/clock.hpp"
#include "platform/config/settings.hpp"
#include "platform/http/hal/resource.hpp"
#include "platform/messaging/bus.hpp"
#include "platform/service/module.hpp"
#include "platform/store/generations.hpp"
#include "services/mypage/app/line_watchers.hpp"

namespace baedal::mypage {

/// Everything mypage needs from outside. References outlive the module; `store` is the current
/// generation of `generations`.
struct Dependencies {
  std::shared_ptr<store::Store> store;
  store::Generations& generations;
  std::string lineage;  ///< from lineage_of(*store)
  messaging::Bus& bus;
  const Clock& clock;
  const http::hal::Presentation& presentation;
  WatchLimits streams{};  ///< how many may follow a line at once
};

/// Its collection, as the root resource links to it.
[[nodiscard]] const http::hal::ResourceType& resource_type();
[[nodiscard]] service::StoreSchema store_schema();
/// This service's table of settings.
[[nodiscard]] std::span<const config::Setting> settings();
/// The name of the consumer group that feeds the view in `store`; kept in the store, drawn once.
Task<Result<std::string>> lineage_of(store::Store& store);
/// Its management routes are the rebuild endpoint.
[[nodiscard]] std::unique_ptr<service::Module> make_module(Dependencies dependencies);

}  // namespace baedal::mypage
