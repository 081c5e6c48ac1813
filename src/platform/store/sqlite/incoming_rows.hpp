#pragma once

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "kernel/function_ref.hpp"
#include "platform/store/sqlite/database.hpp"
#include "platform/store/table.hpp"

namespace baedal::store::sqlite {

/// Rows in memory as a table that SQLite reads: one INSERT … SELECT takes all rows of a group. Its
/// cursors are opened once and stand at the end of the table and of each index already, where most
/// new rows go: an order with its three indexes is 14,000 instructions, and 25,000 with a statement
/// of its own. One connection, one thread.
class IncomingRows {
 public:
  /// A view; lives as long as the insert.
  using Cell = std::variant<std::monostate, std::int64_t, std::string_view>;
  using CellOf = FunctionRef<Cell(std::size_t row, std::size_t column)>;

  static constexpr std::size_t kColumnsMax = 64;

  IncomingRows() = default;
  IncomingRows(const IncomingRows&) = delete;
  IncomingRows& operator=(const IncomingRows&) = delete;

  /// Makes it known to a connection, which this outlives. SQLITE_OK or an error code.
  int attach(Connection& db);
  /// Inserts `rows` rows with a statement made from insert_rows_sql(). After an error some of them
  /// are there: the transaction is to be rolled back.
  int insert(Statement& insert, std::size_t rows, CellOf cell);

 private:
  struct Module;

  std::size_t rows_ = 0;
  const CellOf* cell_ = nullptr;  ///< while an insert runs
};

/// Into the columns given as "a, b, c".
[[nodiscard]] std::string insert_rows_sql(std::string_view table, std::string_view columns,
                                          std::size_t count);

/// A cell of a stored row.
[[nodiscard]] IncomingRows::Cell view_of(const Value& value);

}  // namespace baedal::store::sqlite
