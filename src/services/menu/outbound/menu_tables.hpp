#pragma once

#include <array>
#include <span>

#include "platform/store/migration.hpp"
#include "platform/store/table.hpp"

/// The tables of this service, as migrations/ makes them.
namespace baedal::menu {

enum MenuColumn : std::size_t {
  kMenuId,
  kMenuName,
  kMenuPrice,
  kMenuCurrency,
  kMenuSoldOut,
  kMenuVersion,
  kMenuCreatedAt,
  kMenuUpdatedAt
};

inline constexpr store::Column kMenuColumns[] = {
    {"id", store::ColumnType::kInteger},         {"name", store::ColumnType::kText},
    {"price", store::ColumnType::kInteger},      {"currency", store::ColumnType::kText},
    {"sold_out", store::ColumnType::kInteger},   {"version", store::ColumnType::kInteger},
    {"created_at", store::ColumnType::kInteger}, {"updated_at", store::ColumnType::kInteger}};

inline constexpr store::Index kMenuIndexes[] = {{kMenuName}, {kMenuPrice}};

inline constexpr store::Table kMenus{"menus", kMenuColumns, kMenuIndexes};

inline constexpr const store::Table* kTables[] = {&kMenus};

/// migrations/NNNN_name.sql, compiled in.
[[nodiscard]] std::span<const store::Migration> migrations();

}  // namespace baedal::menu
