#pragma once

#include <span>
#include <string>
#include <vector>

#include "kernel/error.hpp"
#include "platform/store/migration.hpp"
#include "platform/store/sqlite/database.hpp"

namespace baedal::store {

/// The steps a migration run applied, in order: "platform 0001_platform", "service 0002_prices".
using AppliedMigrations = std::vector<std::string>;

/// Brings the database at `path` (made when missing) to the newest schema: the platform's own
/// steps, then those of `shared` components, then the service's. Each step is one transaction,
/// remembered in schema_migrations; done already means nothing to do. A database newer than this
/// program is refused, unless the steps it does not know leave it working (Migration::works_with).
/// Safe while other processes do the same. `BIGINT ... PRIMARY KEY` of a step becomes INTEGER
/// PRIMARY KEY, SQLite's row id.
[[nodiscard]] Result<AppliedMigrations> migrate(const std::string& path,
                                                std::span<const Migration> migrations,
                                                std::span<const MigrationSet> shared = {});

namespace sqlite {
/// The same on an open connection; `path` is for messages.
[[nodiscard]] Result<AppliedMigrations> migrate(Connection& db, const std::string& path,
                                                std::span<const Migration> migrations,
                                                std::span<const MigrationSet> shared = {});
}  // namespace sqlite

}  // namespace baedal::store
