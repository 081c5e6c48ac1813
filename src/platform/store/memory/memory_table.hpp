#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "platform/store/table.hpp"

namespace baedal::store {

/// The rows of one table and their indexes, in ordered maps. Not thread-safe.
class MemoryTable {
 public:
  [[nodiscard]] std::int64_t next_id() { return ++last_id_; }
  [[nodiscard]] const Row* find(std::int64_t id) const;
  [[nodiscard]] const Row* find_by(std::size_t column, const Value& value) const;
  /// Whether `row` would take a unique value (or, when `is_new`, an id) that another row has.
  [[nodiscard]] bool conflicts(const Table& table, const Row& row, bool is_new) const;
  /// Inserts or replaces, without looking for conflicts.
  void put(const Table& table, Row row);
  bool erase(const Table& table, std::int64_t id);
  [[nodiscard]] std::int64_t size() const { return static_cast<std::int64_t>(rows_.size()); }
  /// Up to `limit` rows from `offset` on, in `order`; only those whose `column` equals `*value`
  /// when there is a value.
  [[nodiscard]] std::vector<Row> list(const std::vector<Order>& order, std::int64_t offset,
                                      std::int64_t limit, std::size_t column = 0,
                                      const Value* value = nullptr) const;

 private:
  std::int64_t last_id_ = 0;
  std::map<std::int64_t, Row> rows_;
  std::map<std::size_t, std::map<Value, std::set<std::int64_t>>> indexes_;  // by column
};

}  // namespace baedal::store
