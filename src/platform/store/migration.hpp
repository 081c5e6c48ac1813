#pragma once

#include <span>
#include <string_view>

namespace baedal::store {

/// One numbered schema step: plain SQL that both SQLite and PostgreSQL understand (BIGINT, TEXT,
/// no product's own types), run once, in order. Made from migrations/NNNN_name.sql at build time.
struct Migration {
  int number;
  const char* name;
  const char* sql;
};

/// The steps of one component, numbered for themselves: "messaging", "service".
struct MigrationSet {
  std::string_view component;
  std::span<const Migration> steps;
};

}  // namespace baedal::store
