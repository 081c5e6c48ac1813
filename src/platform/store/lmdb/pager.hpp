#pragma once

#include <lmdb.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/error.hpp"
#include "platform/store/lmdb/cursor.hpp"
#include "platform/store/lmdb/layout.hpp"
#include "platform/store/store.hpp"

namespace baedal::store::lmdb {

/// Whether a page costs no more than some tens of point reads, so that it may be read on the
/// caller's thread.
[[nodiscard]] bool is_cheap(const PageRequest& request);

/// Lists of one table, within one snapshot. What they cost:
///   by id            without gaps in the ids as a first page; else the rows before the page are
///                    stepped over, from the nearer end
///   by one index     the values before the page are stepped over, each with all its rows at once
///   by several       as by the first; of the values that lie on the page all rows are read, and
///   the
///                    best kept ("gathered"), at most kGatherMax of them
///   of one value     by id: its rows before the page are stepped over; otherwise gathered
class Pager {
 public:
  static constexpr std::int64_t kGatherMax = 100'000;

  Pager(MDB_txn* txn, const Layout& layout, const Layout::TableLayout& table,
        std::chrono::steady_clock::time_point deadline)
      : txn_(txn), layout_(layout), table_(table), deadline_(deadline) {}

  [[nodiscard]] Result<Page> page(const PageRequest& request);
  [[nodiscard]] Result<Slice> page_by(std::size_t column, const Value& value,
                                      const PageRequest& request);

 private:
  using Rows = std::vector<Row>;
  /// Keys of an index that tie: one value, or cut texts whose kept parts agree.
  struct Run {
    std::vector<std::string> keys;
    std::int64_t rows = 0;
  };
  /// What is still to be stepped over and to be read.
  struct Window {
    std::int64_t skip;
    std::int64_t take;
  };

  Result<Rows> list_by_id(bool descending, Window window, std::int64_t total);
  static bool jump(Cursor& cursor, bool from_last, std::int64_t& skip, std::int64_t total);
  Result<Rows> list_by_index(const std::vector<Order>& orders, Window window);
  /// Moves to the next run; false when there is none.
  static bool read_run(Cursor& cursor, MDB_cursor_op next, Run& run);
  Result<void> add_run(MDB_dbi index, const Run& run, const std::vector<Order>& orders,
                       Window window, Rows& rows);
  Result<void> add_by_id(MDB_dbi index, const std::string& key, bool descending, Window window,
                         Rows& rows);
  Result<void> add_gathered(MDB_dbi index, const Run& run, const std::vector<Order>& orders,
                            Window window, Rows& rows);
  Result<Row> existing_row(std::string_view id);
  [[nodiscard]] bool in_time();
  [[nodiscard]] Result<void> check(const Cursor& cursor) const;

  MDB_txn* txn_;
  const Layout& layout_;
  const Layout::TableLayout& table_;
  std::chrono::steady_clock::time_point deadline_;
  unsigned steps_ = 0;
  bool late_ = false;
};

}  // namespace baedal::store::lmdb
