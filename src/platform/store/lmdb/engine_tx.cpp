#include "platform/store/lmdb/engine_tx.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "kernel/assert.hpp"
#include "platform/store/errors.hpp"
#include "platform/store/lmdb/encoding.hpp"

namespace baedal::store::lmdb {

namespace {

std::int64_t id_of(const Layout::TableLayout& table, const Row& row) {
  check_row(*table.table, row);
  return std::get<std::int64_t>(row.front());
}

/// NULL equals nothing, so any number of rows may have it.
bool must_be_unique(const Layout::IndexLayout& index, const Row& row) {
  return index.unique && !std::holds_alternative<std::monostate>(row[index.column]);
}

}  // namespace

Result<std::int64_t> EngineTx::next_id(const Table& table) {
  return engine_.counters_.next_ids[engine_.layout_.of(table).position]++;
}

Result<std::optional<Row>> EngineTx::find(const Table& table, std::int64_t id) {
  return find_in(engine_.layout_.of(table), id);
}

Result<std::optional<Row>> EngineTx::find_by(const Table& table, std::size_t column,
                                             const Value& value) {
  const TableLayout& layout = engine_.layout_.of(table);
  const IndexLayout* index = layout.index_on(column);
  BAEDAL_ASSERT(index != nullptr && index->unique);
  if (std::holds_alternative<std::monostate>(value)) return std::nullopt;
  const auto id = engine_.get(index->lookup, index_key(value));
  if (!id) return std::unexpected(id.error());
  if (!*id) return std::nullopt;
  if ((*id)->size() != sizeof(IdKey)) return damaged("an index entry");
  auto row = find_in(layout, read_id(**id));
  // The key of a long text stands for it by a hash.
  if (row && *row && (**row)[column] != value) return std::nullopt;
  return row;
}

Result<void> EngineTx::insert(const Table& table, Row row) {
  const TableLayout& layout = engine_.layout_.of(table);
  const std::int64_t id = id_of(layout, row);
  const IdKey key = id_key(id);
  const auto present = engine_.get(layout.rows, view(key));
  if (!present) return std::unexpected(present.error());
  if (*present) return std::unexpected(duplicate_row(table));
  if (auto unique = check_unique(layout, row, nullptr); !unique) return unique;

  engine_.writes_.put(layout.rows, view(key), encode_row(row));
  for (const IndexLayout& index : layout.indexes) add_to_index(index, row);
  ++engine_.counters_.rows[layout.position];
  // An id that did not come from next_id() must not come from it later.
  std::int64_t& next = engine_.counters_.next_ids[layout.position];
  next = std::max(next, id + 1);
  return {};
}

Result<void> EngineTx::update(const Table& table, const Row& row) {
  const TableLayout& layout = engine_.layout_.of(table);
  const std::int64_t id = id_of(layout, row);
  auto before = find_in(layout, id);
  if (!before) return pass_on(before);
  if (!*before) return std::unexpected(missing_row(table));
  if (auto unique = check_unique(layout, row, &**before); !unique) return unique;

  engine_.writes_.put(layout.rows, view(id_key(id)), encode_row(row));
  for (const IndexLayout& index : layout.indexes) {
    if ((**before)[index.column] == row[index.column]) continue;
    remove_from_index(index, **before);
    add_to_index(index, row);
  }
  return {};
}

Result<bool> EngineTx::erase(const Table& table, std::int64_t id) {
  const TableLayout& layout = engine_.layout_.of(table);
  auto before = find_in(layout, id);
  if (!before) return pass_on(before);
  if (!*before) return false;
  engine_.writes_.erase(layout.rows, view(id_key(id)));
  for (const IndexLayout& index : layout.indexes) remove_from_index(index, **before);
  --engine_.counters_.rows[layout.position];
  return true;
}

Result<void> EngineTx::append(OutboxEvent event) {
  engine_.outbox_.push_back({engine_.counters_.next_seq++, std::move(event)});
  return {};
}

Result<std::optional<Row>> EngineTx::find_in(const TableLayout& table, std::int64_t id) {
  const IdKey key = id_key(id);
  const auto bytes = engine_.get(table.rows, view(key));
  if (!bytes) return std::unexpected(bytes.error());
  if (!*bytes) return std::nullopt;
  auto row = decode_row(id, **bytes, table.table->columns.size(), table.columns_always);
  if (!row) return pass_on(row);
  return std::move(*row);
}

Result<void> EngineTx::check_unique(const TableLayout& table, const Row& row, const Row* before) {
  for (const IndexLayout& index : table.indexes) {
    if (!must_be_unique(index, row)) continue;
    if (before != nullptr && (*before)[index.column] == row[index.column]) continue;
    const auto present = engine_.get(index.lookup, index_key(row[index.column]));
    if (!present) return std::unexpected(present.error());
    if (*present) return std::unexpected(duplicate_row(*table.table));
  }
  return {};
}

void EngineTx::add_to_index(const IndexLayout& index, const Row& row) {
  const IdKey id = id_key(std::get<std::int64_t>(row.front()));
  std::string key = index_key(row[index.column]);
  if (must_be_unique(index, row)) engine_.writes_.put(index.lookup, key, std::string(view(id)));
  key.append(view(id));
  engine_.writes_.put(index.pairs, key, {});
}

void EngineTx::remove_from_index(const IndexLayout& index, const Row& row) {
  const IdKey id = id_key(std::get<std::int64_t>(row.front()));
  std::string key = index_key(row[index.column]);
  if (must_be_unique(index, row)) engine_.writes_.erase(index.lookup, key);
  key.append(view(id));
  engine_.writes_.erase(index.pairs, key);
}

}  // namespace baedal::store::lmdb
