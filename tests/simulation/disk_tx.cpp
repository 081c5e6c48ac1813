#include "simulation/disk_tx.hpp"

#include <utility>

#include "platform/store/errors.hpp"

namespace baedal::simulation {

using store::MemoryTable;
using store::Row;
using store::Table;

namespace {

std::optional<Row> copy_of(const Row* row) {
  return row == nullptr ? std::nullopt : std::optional<Row>(*row);
}

}  // namespace

Result<std::int64_t> DiskTx::next_id(const Table& table) { return written_.table(table).next_id(); }

Result<std::optional<Row>> DiskTx::find(const Table& table, std::int64_t id) {
  return copy_of(written_.table(table).find(id));
}

Result<std::optional<Row>> DiskTx::find_by(const Table& table, std::size_t column,
                                           const store::Value& value) {
  return copy_of(written_.table(table).find_by(column, value));
}

Result<void> DiskTx::insert(const Table& table, Row row) {
  store::check_row(table, row);
  MemoryTable& rows = written_.table(table);
  if (rows.conflicts(table, row, true)) return std::unexpected(store::duplicate_row(table));
  put(table, std::move(row));
  return {};
}

Result<void> DiskTx::update(const Table& table, const Row& row) {
  store::check_row(table, row);
  MemoryTable& rows = written_.table(table);
  if (rows.find(std::get<std::int64_t>(row[0])) == nullptr) {
    return std::unexpected(store::missing_row(table));
  }
  if (rows.conflicts(table, row, false)) return std::unexpected(store::duplicate_row(table));
  put(table, row);
  return {};
}

Result<bool> DiskTx::erase(const Table& table, std::int64_t id) {
  MemoryTable& rows = written_.table(table);
  before_.push_back({&table, id, copy_of(rows.find(id))});
  after_.changes.push_back({&table, id, std::nullopt});
  return rows.erase(table, id);
}

Result<void> DiskTx::append(store::OutboxEvent event) {
  after_.outbox.push_back({0, std::move(event)});
  return {};
}

void DiskTx::roll_back() {
  for (auto change = before_.rbegin(); change != before_.rend(); ++change) {
    MemoryTable& rows = written_.table(*change->table);
    rows.erase(*change->table, change->id);
    if (change->after) rows.put(*change->table, std::move(*change->after));
  }
}

Disk::Group DiskTx::take() {
  for (store::OutboxRow& row : after_.outbox) {
    row.seq = ++written_.last_seq;
    written_.outbox.push_back(row);
  }
  return std::move(after_);
}

void DiskTx::put(const Table& table, Row row) {
  const auto id = std::get<std::int64_t>(row[0]);
  MemoryTable& rows = written_.table(table);
  before_.push_back({&table, id, copy_of(rows.find(id))});
  after_.changes.push_back({&table, id, row});
  rows.put(table, std::move(row));
}

}  // namespace baedal::simulation
