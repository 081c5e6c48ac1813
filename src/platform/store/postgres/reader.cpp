#include "platform/store/postgres/reader.hpp"

#include <iterator>
#include <utility>

#include "platform/store/postgres/table_sql.hpp"

namespace baedal::store::postgres {
namespace {

const std::string kBegin = "BEGIN";
const std::string kCommit = "COMMIT";
const std::string kRollback = "ROLLBACK";
/// What is no writer's own part of a count is added to part -1.
const std::string kOntoPart =
    " ON CONFLICT (table_name, part) DO UPDATE SET row_count = row_counts.row_count +"
    " excluded.row_count";
/// Rows that another instance is sweeping are left to it.
const std::string kSweepKeys =
    "WITH swept AS (DELETE FROM once_keys WHERE key IN (SELECT key FROM once_keys"
    " WHERE created_at < $1::int8 ORDER BY created_at LIMIT $2::int8 FOR UPDATE SKIP LOCKED)"
    " RETURNING 1), counted AS (INSERT INTO row_counts (table_name, part, row_count)"
    " SELECT 'once_keys', -1, -count(*) FROM swept HAVING count(*) > 0" +
    kOntoPart + ") SELECT count(*) FROM swept";
const std::string kLockRecount = "SELECT 1 FROM store_info WHERE name = 'uid' FOR UPDATE";
const std::string kRecountKeys =
    "INSERT INTO row_counts (table_name, part, row_count) SELECT 'once_keys', -1,"
    " (SELECT count(*) FROM once_keys) - (SELECT coalesce(sum(row_count), 0)::int8 FROM row_counts"
    " WHERE table_name = 'once_keys')" +
    kOntoPart;

std::string select_all(const Table& table) {
  return "SELECT " + column_list(table) + " FROM " + quoted(table.name);
}

/// A descending sort by an index with ties in ascending id order, which no index has.
bool is_descending_by_column(const std::vector<Order>& order) {
  return order.size() == 2 && order[0].column != 0 && order[0].descending && !order[1].descending;
}

std::vector<Row> rows_of(const Table& table, const Answer& answer) {
  std::vector<Row> rows;
  for (int i = 0; i < answer.rows(); ++i) rows.push_back(answer.row(table, i));
  return rows;
}

}  // namespace

Result<std::optional<Row>> Reader::find_by(const Table& table, std::size_t column,
                                           const Value& value) {
  if (value.index() == 0 || !is_storable(value)) return std::nullopt;
  Params params;
  params.add(value);
  const auto answer = db_.run(find_sql(table, column), params);
  if (!answer) return std::unexpected(answer.error());
  if (answer->rows() == 0) return std::nullopt;
  return answer->row(table, 0);
}

/// Total and rows in one statement, and so of one state.
Result<Page> Reader::page(const Table& table, const PageRequest& request) {
  const std::vector<Order> order = complete_order(request.sort);
  const bool by_groups = is_descending_by_column(order);
  Params params;
  params.add(table.name).add(by_groups ? 0 : request.size).add(offset_of(request));
  const auto answer = db_.run(
      "SELECT c.total, r.* FROM (SELECT coalesce(sum(row_count), 0)::int8 AS total FROM row_counts"
      " WHERE table_name = $1::text) AS c LEFT JOIN LATERAL (" +
          select_all(table) + order_sql(table, order) +
          " LIMIT $2::int8 OFFSET $3::int8) AS r ON true",
      params);
  if (!answer) return std::unexpected(answer.error());
  Page page{.rows = {}, .total_rows = answer->integer(0, 0)};
  for (int i = 0; i < answer->rows(); ++i) {
    if (!answer->is_null(i, 1)) page.rows.push_back(answer->row(table, i, 1));
  }
  if (!by_groups) return page;
  auto rows = list_by_groups(table, order[0].column, request);
  if (!rows) return pass_on(rows);
  page.rows = std::move(*rows);
  return page;
}

/// One value after the other, each in id order, from the index on (column, id).
Result<std::vector<Row>> Reader::list_by_groups(const Table& table, std::size_t column,
                                                const PageRequest& request) {
  const std::string name = quoted(table.columns[column].name);
  const ColumnType type = table.columns[column].type;
  const std::string select = "SELECT " + name + " FROM " + quoted(table.name);
  const std::string highest = " ORDER BY " + name + " DESC NULLS LAST LIMIT 1";
  std::vector<Row> rows;
  std::int64_t skip = offset_of(request);
  Value value;
  for (bool is_first = true;; is_first = false) {
    Params params;
    if (!is_first) params.add(value);
    const auto next = db_.run(
        select + (is_first ? "" : " WHERE " + name + " < " + parameter(1, type)) + highest, params);
    if (!next) return std::unexpected(next.error());
    const bool found = next->rows() == 1;
    // Below the lowest value come the nulls, which no comparison finds.
    if (!found && is_first) return rows;
    value = Value{};
    if (found && !next->is_null(0, 0)) {
      value = type == ColumnType::kText ? Value{next->text(0, 0)} : Value{next->integer(0, 0)};
    }
    auto full = append_group(table, column, value, request.size, skip, rows);
    if (!full) return pass_on(full);
    if (*full || value.index() == 0) return rows;
  }
}

/// Adds the rows of one value after leaving out `skip`, which it lowers by what it left out.
/// Whether `rows` has `limit` rows now.
Result<bool> Reader::append_group(const Table& table, std::size_t column, const Value& value,
                                  std::int64_t limit, std::int64_t& skip, std::vector<Row>& rows) {
  const std::string name = quoted(table.columns[column].name);
  const bool is_null = value.index() == 0;
  const std::string where =
      " WHERE " + name + (is_null ? " IS NULL" : " = " + parameter(3, table.columns[column].type));
  Params params;
  params.add(limit - std::ssize(rows)).add(skip);
  if (!is_null) params.add(value);
  const auto found = db_.run(select_all(table) + where + " ORDER BY " +
                                 quoted(table.columns[0].name) + " LIMIT $1::int8 OFFSET $2::int8",
                             params);
  if (!found) return std::unexpected(found.error());
  if (found->rows() > 0) {
    skip = 0;
    for (Row& row : rows_of(table, *found)) rows.push_back(std::move(row));
    return std::ssize(rows) == limit;
  }
  if (skip == 0) return false;
  Params counted;
  counted.add(skip).add(std::int64_t{0});
  if (!is_null) counted.add(value);
  const auto count = db_.run("SELECT count(*) FROM (SELECT 1 FROM " + quoted(table.name) + where +
                                 " LIMIT $1::int8 OFFSET $2::int8) AS g",
                             counted);
  if (!count) return std::unexpected(count.error());
  skip -= count->integer(0, 0);
  return false;
}

Result<Slice> Reader::page_by(const Table& table, std::size_t column, const Value& value,
                              const PageRequest& request) {
  Slice slice;
  if (value.index() == 0 || !is_storable(value)) return slice;
  Params params;
  params.add(value).add(request.size + 1).add(offset_of(request));
  const auto answer =
      db_.run(find_sql(table, column) + order_sql(table, complete_order(request.sort)) +
                  " LIMIT $2::int8 OFFSET $3::int8",
              params);
  if (!answer) return std::unexpected(answer.error());
  slice.rows = rows_of(table, *answer);
  slice.has_more = std::ssize(slice.rows) > request.size;
  if (slice.has_more) slice.rows.pop_back();
  return slice;
}

Result<std::vector<OutboxRow>> Reader::read_outbox(std::int64_t after, std::size_t limit) {
  Params params;
  params.add(after).add(static_cast<std::int64_t>(limit));
  const auto answer = db_.run(
      "SELECT seq, type, key, time, data, traceparent FROM outbox WHERE seq > $1::int8"
      " ORDER BY seq LIMIT $2::int8",
      params);
  if (!answer) return std::unexpected(answer.error());
  std::vector<OutboxRow> rows;
  for (int i = 0; i < answer->rows(); ++i) {
    OutboxEvent event{answer->text(i, 1), answer->text(i, 2), Timestamp{answer->integer(i, 3)},
                      answer->text(i, 4), answer->text(i, 5)};
    rows.push_back({answer->integer(i, 0), std::move(event)});
  }
  return rows;
}

Result<std::int64_t> Reader::sweep_keys(Timestamp before, std::int64_t limit) {
  Params params;
  params.add(before.micros).add(limit);
  const auto answer = db_.run(kSweepKeys, params);
  if (!answer) return std::unexpected(answer.error());
  return answer->integer(0, 0);
}

/// Keys and their counts are committed together, so that one statement, which sees both as they
/// were at one moment, sees by how much they differ. The lock is for another process that does the
/// same: it would add the difference once more.
Result<void> Reader::recount_keys() {
  db_.queue(kBegin);
  db_.queue(kLockRecount);
  db_.queue(kRecountKeys);
  db_.queue(kCommit);
  auto done = db_.sync();
  if (done) return {};
  if (!db_.is_lost()) std::ignore = db_.run(kRollback);
  return std::unexpected(done.error());
}

}  // namespace baedal::store::postgres
