#include "platform/store/lmdb/reader.hpp"

#include <algorithm>

#include "kernel/assert.hpp"
#include "platform/store/lmdb/cursor.hpp"
#include "platform/store/lmdb/encoding.hpp"

namespace baedal::store::lmdb {

Result<std::optional<Row>> read_row(MDB_txn* txn, const Layout& layout,
                                    const Layout::TableLayout& table, std::int64_t id) {
  const IdKey id_bytes = id_key(id);
  MDB_val key = to_val(view(id_bytes));
  MDB_val value{};
  const int code = mdb_get(txn, layout.dbi(table.rows), &key, &value);
  if (code == MDB_NOTFOUND) return std::nullopt;
  if (code != MDB_SUCCESS) return lmdb_error(code, "read");
  auto row = decode_row(id, from_val(value), table.table->columns.size(), table.columns_always);
  if (!row) return pass_on(row);
  return std::move(*row);
}

Result<std::optional<Row>> read_row_by(MDB_txn* txn, const Layout& layout,
                                       const Layout::TableLayout& table, std::size_t column,
                                       const Value& value) {
  const Layout::IndexLayout* index = table.index_on(column);
  BAEDAL_ASSERT(index != nullptr && index->unique);
  if (std::holds_alternative<std::monostate>(value)) return std::nullopt;
  const std::string bytes = index_key(value);
  MDB_val key = to_val(bytes);
  MDB_val id{};
  const int code = mdb_get(txn, layout.dbi(index->pairs), &key, &id);
  if (code == MDB_NOTFOUND) return std::nullopt;
  if (code != MDB_SUCCESS) return lmdb_error(code, "read");
  if (id.mv_size != sizeof(IdKey)) return damaged("an index entry");
  auto row = read_row(txn, layout, table, read_id(from_val(id)));
  if (row && !*row) return damaged("an index entry without its row");
  // The key of a long text stands for it by a hash.
  if (row && (**row)[column] != value) return std::nullopt;
  return row;
}

Result<std::vector<OutboxRow>> read_outbox_rows(MDB_txn* txn, const Layout& layout,
                                                std::int64_t after, std::size_t limit) {
  std::vector<OutboxRow> rows;
  Cursor cursor(txn, layout.dbi(Layout::kOutbox));
  const IdKey first = id_key(after + 1);
  for (bool more = cursor.seek(view(first), MDB_SET_RANGE); more && rows.size() < limit;
       more = cursor.move(MDB_NEXT)) {
    if (cursor.key().size() != sizeof(IdKey)) return damaged("an outbox row");
    auto event = decode_event(cursor.value());
    if (!event) return pass_on(event);
    rows.push_back({read_id(cursor.key()), std::move(*event)});
  }
  if (cursor.error() != MDB_SUCCESS) return lmdb_error(cursor.error(), "read");
  return rows;
}

std::int64_t count_outbox(MDB_txn* txn, const Layout& layout, std::int64_t after) {
  MDB_stat stat{};
  if (mdb_stat(txn, layout.dbi(Layout::kOutbox), &stat) != MDB_SUCCESS) return 0;
  Cursor cursor(txn, layout.dbi(Layout::kOutbox));
  if (!cursor.move(MDB_FIRST) || cursor.key().size() != sizeof(IdKey)) return 0;
  const auto rows = static_cast<std::int64_t>(stat.ms_entries);
  const std::int64_t relayed = after - read_id(cursor.key()) + 1;
  return rows - std::clamp<std::int64_t>(relayed, 0, rows);
}

}  // namespace baedal::store::lmdb
