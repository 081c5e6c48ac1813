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
  /// Programs that know the steps up to this number still work on the result, since the step only
  /// adds: its file begins with "-- works with: N". 0: only programs that know the step itself.
  int works_with = 0;

  /// The newest step that a program must know to work on the result.
  [[nodiscard]] constexpr int needs() const { return works_with == 0 ? number : works_with; }
};

/// The steps of one component, numbered for themselves: "messaging", "service".
struct MigrationSet {
  std::string_view component;
  std::span<const Migration> steps;
};

}  // namespace baedal::store
