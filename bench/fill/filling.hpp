#pragma once

#include <cstdint>

#include "kernel/error.hpp"
#include "kernel/timestamp.hpp"
#include "platform/store/store.hpp"

/// Rows as the services write them, through the same stores, many in each commit.
namespace baedal::fill {

/// Orders with new ids, one a second from `first` on: every tenth cancelled, ten menus, one to nine
/// of each. They leave no events, since whoever would follow them is not there.
Result<void> add_orders(store::Store& store, std::int64_t count, Timestamp first);

/// Lines of the customer's page for orders 1 to `count`, paid and on their way.
Result<void> add_mypages(store::Store& store, std::int64_t count, Timestamp first);

/// Idempotency keys with an answer of an order's size, dated by the store's clock.
Result<void> add_keys(store::Store& store, std::int64_t count);

/// Drops the keys older than `before`, in the chunks of the server's sweeper, without its pauses.
Result<void> sweep_keys(store::Store& store, Timestamp before);

}  // namespace baedal::fill
