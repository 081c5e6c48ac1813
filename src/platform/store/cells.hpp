#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "kernel/assert.hpp"
#include "kernel/timestamp.hpp"
#include "platform/store/table.hpp"

/// Reading and making cells, for the mapping between an aggregate and its row. A cell of another
/// type than the table declares is a programmer error: stores check types when they open.
namespace baedal::store {

[[nodiscard]] inline std::int64_t integer_at(const Row& row, std::size_t column) {
  const auto* value = std::get_if<std::int64_t>(&row.at(column));
  BAEDAL_ASSERT(value != nullptr);
  return *value;
}

[[nodiscard]] inline std::optional<std::int64_t> optional_integer_at(const Row& row,
                                                                     std::size_t column) {
  const auto* value = std::get_if<std::int64_t>(&row.at(column));
  return value == nullptr ? std::nullopt : std::optional{*value};
}

[[nodiscard]] inline const std::string& text_at(const Row& row, std::size_t column) {
  const auto* value = std::get_if<std::string>(&row.at(column));
  BAEDAL_ASSERT(value != nullptr);
  return *value;
}

[[nodiscard]] inline std::optional<std::string> optional_text_at(const Row& row,
                                                                 std::size_t column) {
  const auto* value = std::get_if<std::string>(&row.at(column));
  return value == nullptr ? std::nullopt : std::optional{*value};
}

[[nodiscard]] inline Timestamp time_at(const Row& row, std::size_t column) {
  return Timestamp{integer_at(row, column)};
}

/// nullopt becomes NULL.
template <class T>
[[nodiscard]] Value cell(const std::optional<T>& value) {
  return value ? Value{*value} : Value{};
}

}  // namespace baedal::store
