#include "platform/store/postgres/table_sql.hpp"

namespace baedal::store::postgres {
namespace {

std::string_view type_name(ColumnType type) { return type == ColumnType::kText ? "text" : "int8"; }

/// unnest($1::int8[], $2::text[]) AS r ("id", "code")
std::string rows_of_arrays(const Table& table) {
  std::string sql = "unnest(";
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (i > 0) sql += ", ";
    sql +=
        "$" + std::to_string(i + 1) + "::" + std::string(type_name(table.columns[i].type)) + "[]";
  }
  return sql + ") AS r (" + column_list(table) + ")";
}

}  // namespace

std::string quoted(std::string_view name) { return '"' + std::string(name) + '"'; }

std::string column_list(const Table& table, std::string_view prefix) {
  std::string list;
  for (const Column& column : table.columns) {
    if (!list.empty()) list += ", ";
    list += std::string(prefix) + quoted(column.name);
  }
  return list;
}

std::string sequence_name(const Table& table) { return std::string(table.name) + "_ids"; }

std::string insert_sql(const Table& table) {
  return "INSERT INTO " + quoted(table.name) + " (" + column_list(table) + ") SELECT " +
         column_list(table, "r.") + " FROM " + rows_of_arrays(table);
}

std::string insert_one_sql(const Table& table) {
  std::string values;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    values += (i > 0 ? ", " : "") + parameter(static_cast<int>(i) + 1, table.columns[i].type);
  }
  return "INSERT INTO " + quoted(table.name) + " (" + column_list(table) + ") VALUES (" + values +
         ")";
}

std::string update_one_sql(const Table& table) {
  std::string assignments;
  for (std::size_t i = 1; i < table.columns.size(); ++i) {
    assignments += (i > 1 ? ", " : "") + quoted(table.columns[i].name) + " = " +
                   parameter(static_cast<int>(i) + 1, table.columns[i].type);
  }
  return "UPDATE " + quoted(table.name) + " SET " + assignments + " WHERE " +
         quoted(table.columns[0].name) + " = " + parameter(1, table.columns[0].type);
}

std::string update_sql(const Table& table) {
  std::string assignments;
  for (std::size_t i = 1; i < table.columns.size(); ++i) {
    const std::string name = quoted(table.columns[i].name);
    assignments += (i > 1 ? ", " : "") + name + " = r." + name;
  }
  const std::string id = quoted(table.columns[0].name);
  return "UPDATE " + quoted(table.name) + " AS t SET " + assignments + " FROM " +
         rows_of_arrays(table) + " WHERE t." + id + " = r." + id;
}

std::string erase_sql(const Table& table) {
  return "DELETE FROM " + quoted(table.name) + " WHERE " + quoted(table.columns[0].name) +
         " = ANY($1::int8[])";
}

std::string lock_sql(const Table& table, std::size_t column) {
  return "SELECT " + column_list(table) + " FROM " + quoted(table.name) + " WHERE " +
         quoted(table.columns[column].name) +
         " = ANY($1::" + std::string(type_name(table.columns[column].type)) + "[]) ORDER BY " +
         quoted(table.columns[0].name) + " FOR UPDATE";
}

std::string lock_one_sql(const Table& table, std::size_t column) {
  return find_sql(table, column) + " FOR UPDATE";
}

std::string find_sql(const Table& table, std::size_t column) {
  return "SELECT " + column_list(table) + " FROM " + quoted(table.name) + " WHERE " +
         quoted(table.columns[column].name) + " = " + parameter(1, table.columns[column].type);
}

std::string next_ids_sql(const Table& table) {
  return "SELECT nextval('" + quoted(sequence_name(table)) + "') FROM generate_series(1, $1::int8)";
}

std::string order_sql(const Table& table, std::span<const Order> orders) {
  std::string sql;
  for (const Order& order : orders) {
    sql += sql.empty() ? " ORDER BY " : ", ";
    sql += quoted(table.columns[order.column].name);
    if (order.column == 0) {
      sql += order.descending ? " DESC" : "";
    } else {
      sql += order.descending ? " DESC NULLS LAST" : " NULLS FIRST";
    }
  }
  return sql;
}

std::string parameter(int number, ColumnType type) {
  return "$" + std::to_string(number) + "::" + std::string(type_name(type));
}

}  // namespace baedal::store::postgres
