#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "kernel/clock.hpp"
#include "kernel/error.hpp"
#include "platform/config/settings.hpp"
#include "platform/service/module.hpp"
#include "platform/store/store.hpp"

namespace baedal {

/// A store's URL taken apart: "sqlite:order.db" → product "sqlite", path below the data folder;
/// "postgresql://…" → product "postgresql", the server's URL. Mypage's path there is the folder
/// that says which generation is current.
struct StoreUrl {
  std::string product;
  std::filesystem::path path;
  std::string server{};  ///< of PostgreSQL; holds a password
  std::string schema{};  ///< of PostgreSQL; empty: the login's own
};

[[nodiscard]] Result<StoreUrl> parse_store_url(const config::Settings& settings,
                                               const std::string& role);

/// How a store is opened: by the server, which has it alone, or by the command line, which looks in
/// beside a running server.
enum class Access { kServe, kInspect };

/// Opens the store that `url` names for that schema: migrated, checked, with the table of parked
/// events. Errors are sentences for the operator.
[[nodiscard]] Result<std::unique_ptr<store::Store>> open_store(const StoreUrl& url,
                                                               const service::StoreSchema& schema,
                                                               const config::Settings& settings,
                                                               const Clock& clock,
                                                               Access access = Access::kServe);

}  // namespace baedal
