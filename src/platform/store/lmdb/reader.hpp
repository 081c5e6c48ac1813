#pragma once

#include <lmdb.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "kernel/error.hpp"
#include "platform/store/lmdb/layout.hpp"
#include "platform/store/store.hpp"

namespace baedal::store::lmdb {

/// Reads of committed state, each within one snapshot.
[[nodiscard]] Result<std::optional<Row>> read_row(MDB_txn* txn, const Layout& layout,
                                                  const Layout::TableLayout& table,
                                                  std::int64_t id);
/// By a unique index.
[[nodiscard]] Result<std::optional<Row>> read_row_by(MDB_txn* txn, const Layout& layout,
                                                     const Layout::TableLayout& table,
                                                     std::size_t column, const Value& value);
[[nodiscard]] Result<std::vector<OutboxRow>> read_outbox_rows(MDB_txn* txn, const Layout& layout,
                                                              std::int64_t after,
                                                              std::size_t limit);
/// How many rows have seq > `after`: the seqs of failed groups, which are skipped, may make it too
/// small.
[[nodiscard]] std::int64_t count_outbox(MDB_txn* txn, const Layout& layout, std::int64_t after);

}  // namespace baedal::store::lmdb
