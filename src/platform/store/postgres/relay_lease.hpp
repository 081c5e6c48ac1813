#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "platform/store/postgres/connection.hpp"

namespace baedal::store::postgres {

// One row of relay_lease, by the server's clock alone: clients' clocks need not agree.

/// Takes the lease, or prolongs it, for `ttl` from now; gives its token. Nothing: another holds it.
Result<std::optional<std::int64_t>> take_lease(Connection& db, const std::string& holder,
                                               std::chrono::milliseconds ttl);
/// Whether it was held.
Result<bool> give_back_lease(Connection& db, const std::string& holder);

}  // namespace baedal::store::postgres
