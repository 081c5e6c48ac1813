#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace baedal::store {

/// One cell. Booleans are 0 and 1; times are microseconds since the epoch. A null (monostate) sorts
/// before every other value, equals nothing in a search, and never breaks a unique index.
using Value = std::variant<std::monostate, std::int64_t, std::string>;

/// One row, cells in the order of Table::columns. Cell 0 is the id.
using Row = std::vector<Value>;

enum class ColumnType { kInteger, kText };

struct Column {
  std::string_view name;
  ColumnType type;
  /// It came later than its table: rows written before have none, which is null. Behind all columns
  /// that did not, and never indexed.
  bool added = false;
};

/// A single-column index. Lists are sorted and searched only on indexed columns and the id, so
/// that page 1 costs the same at any size.
struct Index {
  std::size_t column;  ///< position in Table::columns
  bool unique = false;
};

/// What a store must know of a table. Columns and indexes agree with the table's migration;
/// opening a store checks it. Column 0 is always the id: INTEGER/BIGINT, primary key, assigned by
/// Tx::next_id, never reused. Instances are constants with static storage.
struct Table {
  std::string_view name;
  std::span<const Column> columns;
  std::span<const Index> indexes;

  [[nodiscard]] const Index* index_on(std::size_t column) const {
    for (const Index& index : indexes) {
      if (index.column == column) return &index;
    }
    return nullptr;
  }
};

/// One sort criterion; `column` is the id or indexed.
struct Order {
  std::size_t column = 0;
  bool descending = false;
};

/// Which part of a list. Ties and unsorted lists are in id order, ascending.
struct PageRequest {
  std::int64_t page = 0;   ///< 0-based
  std::int64_t size = 20;  ///< 1 to 1000
  std::vector<Order> sort{};
};

struct Page {
  std::vector<Row> rows;
  std::int64_t total_rows =
      0;  ///< of the whole table, kept by the store, never counted per request
};

/// A part of the rows that match a search: no total, only whether more follow.
struct Slice {
  std::vector<Row> rows;
  bool has_more = false;
};

/// Asserts that `row` fits the table: as many cells, an id, each cell null or of its column's type.
void check_row(const Table& table, const Row& row);

/// The whole order of a list: what was asked for without repetitions, then the id. Nothing after
/// the id, which has no ties.
[[nodiscard]] std::vector<Order> complete_order(std::span<const Order> asked);

/// How many rows come before the page; saturates instead of overflowing.
[[nodiscard]] std::int64_t offset_of(const PageRequest& request);

}  // namespace baedal::store
