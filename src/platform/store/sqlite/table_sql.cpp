#include "platform/store/sqlite/table_sql.hpp"

namespace baedal::store::sqlite {

std::string quoted(std::string_view name) { return '"' + std::string(name) + '"'; }

std::string column_list(const Table& table) {
  std::string list;
  for (const Column& column : table.columns) {
    if (!list.empty()) list += ", ";
    list += quoted(column.name);
  }
  return list;
}

std::string insert_sql(const Table& table) {
  std::string marks;
  for (std::size_t i = 1; i <= table.columns.size(); ++i) {
    marks += (i == 1 ? "?" : ", ?") + std::to_string(i);
  }
  return "INSERT INTO " + quoted(table.name) + " (" + column_list(table) + ") VALUES (" + marks +
         ")";
}

std::string update_sql(const Table& table, std::uint64_t changed) {
  std::string assignments;
  int parameter = 2;
  for (std::size_t i = 1; i < table.columns.size(); ++i) {
    if ((changed >> i & 1) == 0) continue;
    if (!assignments.empty()) assignments += ", ";
    assignments += quoted(table.columns[i].name) + " = ?" + std::to_string(parameter++);
  }
  return "UPDATE " + quoted(table.name) + " SET " + assignments + " WHERE " +
         quoted(table.columns[0].name) + " = ?1";
}

std::string erase_sql(const Table& table) {
  return "DELETE FROM " + quoted(table.name) + " WHERE " + quoted(table.columns[0].name) + " = ?1";
}

std::string find_sql(const Table& table, std::size_t column) {
  return "SELECT " + column_list(table) + " FROM " + quoted(table.name) + " WHERE " +
         quoted(table.columns[column].name) + " = ?1";
}

std::string order_sql(const Table& table, std::span<const Order> orders) {
  std::string sql;
  for (const Order& order : orders) {
    sql += sql.empty() ? " ORDER BY " : ", ";
    sql += quoted(table.columns[order.column].name);
    if (order.descending) sql += " DESC";
  }
  return sql;
}

}  // namespace baedal::store::sqlite
