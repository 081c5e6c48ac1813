#pragma once

#include <span>
#include <string>
#include <string_view>

#include "platform/store/table.hpp"

namespace baedal::store::postgres {

// The SQL of every operation, made from a Table.

[[nodiscard]] std::string quoted(std::string_view name);
/// "a", "b", "c"; each behind `prefix` ("r." → r."a").
[[nodiscard]] std::string column_list(const Table& table, std::string_view prefix = {});
/// The name of the sequence that ids of that table come from.
[[nodiscard]] std::string sequence_name(const Table& table);

/// Many rows, one array per column.
[[nodiscard]] std::string insert_sql(const Table& table);
/// The same, for rows that are there.
[[nodiscard]] std::string update_sql(const Table& table);
/// One row, $1 its id, a parameter per column.
[[nodiscard]] std::string insert_one_sql(const Table& table);
[[nodiscard]] std::string update_one_sql(const Table& table);
/// $1: ids.
[[nodiscard]] std::string erase_sql(const Table& table);
/// The rows whose `column` is one of the array $1, locked in id order until the transaction ends.
[[nodiscard]] std::string lock_sql(const Table& table, std::size_t column);
/// The same for one value.
[[nodiscard]] std::string lock_one_sql(const Table& table, std::size_t column);
/// The rows whose `column` equals $1.
[[nodiscard]] std::string find_sql(const Table& table, std::size_t column);
/// $1: how many.
[[nodiscard]] std::string next_ids_sql(const Table& table);
/// " ORDER BY a DESC NULLS LAST, id": nulls before every value, as everywhere in the project.
[[nodiscard]] std::string order_sql(const Table& table, std::span<const Order> orders);
/// "$1::int8" or "$1::text".
[[nodiscard]] std::string parameter(int number, ColumnType type);

}  // namespace baedal::store::postgres
