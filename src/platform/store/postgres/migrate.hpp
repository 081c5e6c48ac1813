#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/error.hpp"
#include "platform/store/migration.hpp"
#include "platform/store/postgres/connection.hpp"

namespace baedal::store::postgres {

/// The steps a run applied, in order: "platform 0001_platform", "service 0002_prices".
using AppliedMigrations = std::vector<std::string>;

/// Brings the schema of `target` (made when missing) to the newest state: the platform's own steps,
/// then those of `shared` components, then the service's. Everything that is new is one
/// transaction, remembered in schema_migrations; processes that start together take turns. A
/// database newer than this program is refused, unless the steps it does not know leave it working
/// (Migration::works_with). Errors are sentences for the operator.
[[nodiscard]] Result<AppliedMigrations> migrate(const Target& target,
                                                std::span<const Migration> service,
                                                std::span<const MigrationSet> shared,
                                                std::span<const Table* const> tables);

/// A step as PostgreSQL is to run it: texts compare by their bytes, as in every other store, and a
/// plain index on a column is one on (column NULLS FIRST, id), so that lists sorted by it are read
/// in order.
[[nodiscard]] std::string in_dialect(std::string_view sql);

}  // namespace baedal::store::postgres
