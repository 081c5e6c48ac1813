#include "platform/store/lmdb/pager.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "kernel/assert.hpp"
#include "platform/store/lmdb/encoding.hpp"
#include "platform/store/lmdb/reader.hpp"

namespace baedal::store::lmdb {

namespace {

constexpr std::int64_t kCheapRows = 200;
constexpr unsigned kStepsBetweenLooks = 256;
/// So few rows are stepped over sooner than jumped.
constexpr std::int64_t kStepsMin = 200;

bool comes_before(const std::vector<Order>& orders, const Row& a, const Row& b) {
  for (const Order& order : orders) {
    const Value& left = a[order.column];
    const Value& right = b[order.column];
    if (left != right) return order.descending ? right < left : left < right;
  }
  return false;
}

/// Keeps the first `wanted` rows of all that are added, in little more memory than these need.
class FirstRows {
 public:
  FirstRows(const std::vector<Order>& orders, std::int64_t wanted)
      : orders_(orders), wanted_(static_cast<std::size_t>(wanted)) {}

  void add(Row row) {
    rows_.push_back(std::move(row));
    if (rows_.size() >= wanted_ + wanted_ / 4 + 1024) prune();
  }

  /// In order, without the first `skip`.
  void move_to(std::vector<Row>& out, std::int64_t skip) {
    std::ranges::sort(rows_, [this](const Row& a, const Row& b) { return less(a, b); });
    if (rows_.size() > wanted_) rows_.resize(wanted_);
    const auto from = rows_.begin() + std::min(skip, std::ssize(rows_));
    std::move(from, rows_.end(), std::back_inserter(out));
  }

 private:
  bool less(const Row& a, const Row& b) const { return comes_before(orders_, a, b); }
  void prune() {
    const auto last = rows_.begin() + static_cast<std::ptrdiff_t>(wanted_);
    std::nth_element(rows_.begin(), last, rows_.end(),
                     [this](const Row& a, const Row& b) { return less(a, b); });
    rows_.resize(wanted_);
  }

  const std::vector<Order>& orders_;
  std::size_t wanted_;
  std::vector<Row> rows_;
};

}  // namespace

bool is_cheap(const PageRequest& request) {
  return offset_of(request) <= kCheapRows - std::min(request.size, kCheapRows) &&
         complete_order(request.sort).size() <= 2;
}

Result<Page> Pager::page(const PageRequest& request) {
  BAEDAL_ASSERT(request.page >= 0 && request.size > 0);
  const auto total =
      read_number(txn_, layout_.dbi(Layout::kMeta), row_count_name(*table_.table), 0);
  if (!total) return std::unexpected(total.error());
  const std::vector<Order> orders = complete_order(request.sort);
  const Window window{offset_of(request), request.size};
  auto rows = orders.front().column == 0 ? list_by_id(orders.front().descending, window, *total)
                                         : list_by_index(orders, window);
  if (!rows) return pass_on(rows);
  return Page{std::move(*rows), *total};
}

Result<Slice> Pager::page_by(std::size_t column, const Value& value, const PageRequest& request) {
  const Layout::IndexLayout* index = table_.index_on(column);
  BAEDAL_ASSERT(index != nullptr && request.page >= 0 && request.size > 0);
  Slice slice;
  if (std::holds_alternative<std::monostate>(value)) return slice;
  // All rows agree in that column.
  std::vector<Order> orders = complete_order(request.sort);
  std::erase_if(orders, [column](const Order& order) { return order.column == column; });

  const MDB_dbi dbi = layout_.dbi(index->pairs);
  const Window window{offset_of(request), request.size + 1};
  Run run{{index_key(value)}, 0};
  auto added = orders.size() == 1
                   ? add_by_id(dbi, run.keys[0], orders[0].descending, window, slice.rows)
                   : add_gathered(dbi, run, orders, window, slice.rows);
  if (!added) return pass_on(added);
  slice.has_more = std::ssize(slice.rows) > request.size;
  if (slice.has_more) slice.rows.pop_back();
  // The key of a long text stands for it by a hash.
  std::erase_if(slice.rows, [&](const Row& row) { return row[column] != value; });
  return slice;
}

Result<Pager::Rows> Pager::list_by_id(bool descending, Window window, std::int64_t total) {
  if (window.skip >= total) return Rows{};
  const std::int64_t after_page = std::max<std::int64_t>(0, total - window.skip - window.take);
  const bool backwards = after_page < window.skip;
  const bool from_last = descending != backwards;
  std::int64_t skip = backwards ? after_page : window.skip;
  const std::int64_t take = std::min(window.take, total - window.skip);

  Cursor cursor(txn_, layout_.dbi(table_.rows));
  const MDB_cursor_op next = from_last ? MDB_PREV : MDB_NEXT;
  bool more = cursor.move(from_last ? MDB_LAST : MDB_FIRST);
  if (more && skip >= kStepsMin) more = jump(cursor, from_last, skip, total);
  for (; more && skip > 0 && in_time(); --skip) more = cursor.move(next);
  Rows rows;
  for (; more && std::ssize(rows) < take && in_time(); more = cursor.move(next)) {
    if (cursor.key().size() != sizeof(IdKey)) return damaged("a row");
    auto row = decode_row(read_id(cursor.key()), cursor.value(), table_.table->columns.size(),
                          table_.columns_always);
    if (!row) return pass_on(row);
    rows.push_back(std::move(*row));
  }
  if (auto checked = check(cursor); !checked) return pass_on(checked);
  if (backwards) std::ranges::reverse(rows);
  return rows;
}

/// `cursor` is at one end of the rows. Of ids without gaps the one `skip` rows away can be told:
/// moves there, and nothing is left to be skipped.
bool Pager::jump(Cursor& cursor, bool from_last, std::int64_t& skip, std::int64_t total) {
  const std::int64_t here = read_id(cursor.key());
  if (!cursor.move(from_last ? MDB_FIRST : MDB_LAST)) return false;
  const bool has_gaps = std::abs(read_id(cursor.key()) - here) + 1 != total;
  const std::int64_t steps = has_gaps ? 0 : std::exchange(skip, 0);
  const IdKey target = id_key(from_last ? here - steps : here + steps);
  return cursor.seek(view(target), MDB_SET_KEY);
}

Result<Pager::Rows> Pager::list_by_index(const std::vector<Order>& orders, Window window) {
  const Layout::IndexLayout* index = table_.index_on(orders.front().column);
  if (index == nullptr) {
    return fail(ErrorKind::kInvalid, "not-sortable", "The list cannot be sorted by that field.");
  }
  const MDB_dbi dbi = layout_.dbi(index->pairs);
  const bool descending = orders.front().descending;
  Cursor cursor(txn_, dbi);
  Rows rows;
  Run run;
  bool more = cursor.move(descending ? MDB_LAST : MDB_FIRST);
  while (more && std::ssize(rows) < window.take && in_time()) {
    more = read_run(cursor, descending ? MDB_PREV_NODUP : MDB_NEXT_NODUP, run);
    if (window.skip >= run.rows) {
      window.skip -= run.rows;
      continue;
    }
    const Window rest{std::exchange(window.skip, 0), window.take - std::ssize(rows)};
    if (auto added = add_run(dbi, run, orders, rest, rows); !added) return pass_on(added);
  }
  if (auto checked = check(cursor); !checked) return pass_on(checked);
  return rows;
}

bool Pager::read_run(Cursor& cursor, MDB_cursor_op next, Run& run) {
  run.keys.resize(1);
  run.keys[0].assign(cursor.key());
  run.rows = static_cast<std::int64_t>(cursor.count());
  bool more = cursor.move(next);
  while (more && is_cut(run.keys[0]) && is_cut(cursor.key()) &&
         sorting_part(cursor.key()) == sorting_part(run.keys[0])) {
    run.keys.emplace_back(cursor.key());
    run.rows += static_cast<std::int64_t>(cursor.count());
    more = cursor.move(next);
  }
  return more;
}

Result<void> Pager::add_run(MDB_dbi index, const Run& run, const std::vector<Order>& orders,
                            Window window, Rows& rows) {
  const bool sorted_already = run.keys.size() == 1 && (orders.size() == 2 || run.rows == 1);
  if (!sorted_already) return add_gathered(index, run, orders, window, rows);
  return add_by_id(index, run.keys[0], orders[1].descending, window, rows);
}

Result<void> Pager::add_by_id(MDB_dbi index, const std::string& key, bool descending, Window window,
                              Rows& rows) {
  Cursor cursor(txn_, index);
  const MDB_cursor_op next = descending ? MDB_PREV_DUP : MDB_NEXT_DUP;
  bool more = cursor.seek(key, MDB_SET_KEY);
  if (more && descending) more = cursor.move(MDB_LAST_DUP);
  for (; more && window.skip > 0 && in_time(); --window.skip) more = cursor.move(next);
  for (; more && window.take > 0 && in_time(); --window.take) {
    auto row = existing_row(cursor.value());
    if (!row) return pass_on(row);
    rows.push_back(std::move(*row));
    more = cursor.move(next);
  }
  return check(cursor);
}

Result<void> Pager::add_gathered(MDB_dbi index, const Run& run, const std::vector<Order>& orders,
                                 Window window, Rows& rows) {
  if (window.skip > kGatherMax) {
    return fail(ErrorKind::kInvalid, "page-too-deep",
                "So deep a page can only be listed by id or by one field.");
  }
  FirstRows first(orders, window.skip + window.take);
  Cursor cursor(txn_, index);
  for (const std::string& key : run.keys) {
    for (bool more = cursor.seek(key, MDB_SET_KEY); more && in_time();
         more = cursor.move(MDB_NEXT_DUP)) {
      auto row = existing_row(cursor.value());
      if (!row) return pass_on(row);
      first.add(std::move(*row));
    }
    if (auto checked = check(cursor); !checked) return checked;
  }
  first.move_to(rows, window.skip);
  return {};
}

Result<Row> Pager::existing_row(std::string_view id) {
  if (id.size() != sizeof(IdKey)) return damaged("an index entry");
  auto row = read_row(txn_, layout_, table_, read_id(id));
  if (!row) return pass_on(row);
  if (!*row) return damaged("an index entry without its row");
  return std::move(**row);
}

bool Pager::in_time() {
  if (++steps_ % kStepsBetweenLooks == 0) {
    late_ = late_ || std::chrono::steady_clock::now() > deadline_;
  }
  return !late_;
}

Result<void> Pager::check(const Cursor& cursor) const {
  if (late_) return unavailable("store-slow", "The list took too long; ask for an earlier page.");
  if (cursor.error() != MDB_SUCCESS) return lmdb_error(cursor.error(), "read");
  return {};
}

}  // namespace baedal::store::lmdb
