#include "platform/store/memory/memory_table.hpp"

#include <algorithm>
#include <utility>

namespace baedal::store {
namespace {

std::int64_t id_of(const Row& row) { return std::get<std::int64_t>(row[0]); }

bool comes_before(const std::vector<Order>& orders, const Row& a, const Row& b) {
  for (const Order& order : orders) {
    const Value& left = a[order.column];
    const Value& right = b[order.column];
    if (left != right) return order.descending ? right < left : left < right;
  }
  return false;
}

}  // namespace

const Row* MemoryTable::find(std::int64_t id) const {
  const auto row = rows_.find(id);
  return row == rows_.end() ? nullptr : &row->second;
}

const Row* MemoryTable::find_by(std::size_t column, const Value& value) const {
  const auto index = indexes_.find(column);
  if (index == indexes_.end() || value.index() == 0) return nullptr;
  const auto ids = index->second.find(value);
  return ids == index->second.end() ? nullptr : find(*ids->second.begin());
}

bool MemoryTable::conflicts(const Table& table, const Row& row, bool is_new) const {
  if (is_new && rows_.contains(id_of(row))) return true;
  return std::ranges::any_of(table.indexes, [&](const Index& index) {
    const Row* other = index.unique ? find_by(index.column, row[index.column]) : nullptr;
    return other != nullptr && id_of(*other) != id_of(row);
  });
}

void MemoryTable::put(const Table& table, Row row) {
  const std::int64_t id = id_of(row);
  erase(table, id);
  for (const Index& index : table.indexes) indexes_[index.column][row[index.column]].insert(id);
  last_id_ = std::max(last_id_, id);
  rows_.emplace(id, std::move(row));
}

bool MemoryTable::erase(const Table& table, std::int64_t id) {
  const auto row = rows_.find(id);
  if (row == rows_.end()) return false;
  for (const Index& index : table.indexes) {
    auto& by_value = indexes_[index.column];
    const auto ids = by_value.find(row->second[index.column]);
    ids->second.erase(id);
    if (ids->second.empty()) by_value.erase(ids);
  }
  rows_.erase(row);
  return true;
}

std::vector<Row> MemoryTable::list(const std::vector<Order>& order, std::int64_t offset,
                                   std::int64_t limit, std::size_t column,
                                   const Value* value) const {
  std::vector<const Row*> matching;
  for (const auto& [id, row] : rows_) {
    const bool matches = value == nullptr || (value->index() != 0 && row[column] == *value);
    if (matches) matching.push_back(&row);
  }
  std::ranges::sort(matching,
                    [&](const Row* a, const Row* b) { return comes_before(order, *a, *b); });
  std::vector<Row> rows;
  for (auto i = offset; i < std::ssize(matching) && std::ssize(rows) < limit; ++i) {
    rows.push_back(*matching[static_cast<std::size_t>(i)]);
  }
  return rows;
}

}  // namespace baedal::store
