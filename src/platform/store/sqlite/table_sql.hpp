#pragma once

#include <span>
#include <string>
#include <string_view>

#include "platform/store/table.hpp"

namespace baedal::store::sqlite {

// The SQL of every operation, made from a Table. Parameters are numbered by column (id: ?1).

[[nodiscard]] std::string quoted(std::string_view name);
[[nodiscard]] std::string column_list(const Table& table);
[[nodiscard]] std::string insert_sql(const Table& table);
/// Sets the columns whose bit is set in `changed`; ?1 is the id, the others are in column order.
[[nodiscard]] std::string update_sql(const Table& table, std::uint64_t changed);
[[nodiscard]] std::string erase_sql(const Table& table);
/// The rows whose `column` equals ?1.
[[nodiscard]] std::string find_sql(const Table& table, std::size_t column);
/// " ORDER BY a DESC, id".
[[nodiscard]] std::string order_sql(const Table& table, std::span<const Order> orders);

}  // namespace baedal::store::sqlite
