#include "platform/store/sqlite/reader.hpp"

#include <algorithm>
#include <utility>

#include "kernel/assert.hpp"
#include "platform/store/sqlite/table_sql.hpp"

namespace baedal::store::sqlite {
namespace {

/// Readers meet locks only while a crash is repaired at open.
constexpr std::chrono::milliseconds kPatience{1'000};
/// How many steps of SQLite's machine (about 0.1 ms) run between two looks at the clock.
constexpr int kStepsBetweenChecks = 4'000;
/// Every sort order of a table has its statement; this only bounds the unforeseen.
constexpr std::size_t kStatementsMax = 256;
/// So few rows are stepped over sooner than a better way is found.
constexpr std::int64_t kStepsMin = 200;

/// A read transaction: several statements that see one state.
class Snapshot {
 public:
  explicit Snapshot(Connection& db) : db_(db) { db_.exec("BEGIN"); }
  ~Snapshot() { db_.exec("ROLLBACK"); }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

 private:
  Connection& db_;
};

std::string select_all(const Table& table) {
  return "SELECT " + column_list(table) + " FROM " + quoted(table.name);
}

}  // namespace

Result<std::unique_ptr<Reader>> Reader::open(const std::string& path) {
  auto reader = std::make_unique<Reader>();
  const int code = reader->db_.open(path, Connection::Mode::kRead, kPatience);
  if (code != SQLITE_OK) return std::unexpected(error_of(code, 0, "open"));
  return reader;
}

void Reader::watch_deadline() {
  const auto is_late = [](void* self) {
    return Clock::now() > static_cast<Reader*>(self)->deadline_ ? 1 : 0;
  };
  sqlite3_progress_handler(db_.handle(), kStepsBetweenChecks, is_late, this);
}

Result<Statement*> Reader::find_statement(const Table& table, std::size_t column) {
  for (Find& find : finds_) {
    if (find.table == &table && find.column == column) return &find.statement;
  }
  Statement prepared = db_.prepare(find_sql(table, column));
  if (!prepared) return failed();
  return &finds_.emplace_back(&table, column, std::move(prepared)).statement;
}

Result<Statement*> Reader::statement(std::string sql) {
  const auto known = statements_.find(sql);
  if (known != statements_.end()) return &known->second;
  if (statements_.size() >= kStatementsMax) statements_.clear();
  Statement prepared = db_.prepare(sql);
  if (!prepared) return failed();
  return &statements_.emplace(std::move(sql), std::move(prepared)).first->second;
}

std::unexpected<Error> Reader::failed() { return std::unexpected(db_.error()); }

Result<std::vector<Row>> Reader::rows_of(Statement& statement) {
  const ResetAtEnd reset(statement);
  std::vector<Row> rows;
  int code = statement.step();
  for (; code == SQLITE_ROW; code = statement.step()) rows.push_back(statement.row());
  if (code != SQLITE_DONE) return failed();
  return rows;
}

Result<std::optional<Row>> Reader::find_by(const Table& table, std::size_t column,
                                           const Value& value) {
  Result<Statement*> find = find_statement(table, column);
  if (!find) return pass_on(find);
  const ResetAtEnd reset(**find);
  const int code = (*find)->bind(1, value).step();
  if (code == SQLITE_DONE) return std::nullopt;
  if (code != SQLITE_ROW) return failed();
  return (*find)->row();
}

Result<Page> Reader::page(const Table& table, const PageRequest& request) {
  const Snapshot snapshot(db_);
  Result<std::int64_t> total = row_count(table);
  if (!total) return pass_on(total);
  Result<std::vector<Row>> rows = list(table, request, *total);
  if (!rows) return pass_on(rows);
  return Page{std::move(*rows), *total};
}

Result<std::int64_t> Reader::row_count(const Table& table) {
  Result<Statement*> count = statement("SELECT row_count FROM table_stats WHERE name = ?1");
  if (!count) return pass_on(count);
  const ResetAtEnd reset(**count);
  if ((*count)->bind(1, table.name).step() != SQLITE_ROW) return failed();
  return (*count)->integer(0);
}

/// A page by id of a table whose ids have no gaps begins at an id that can be told. Any other page
/// is reached by stepping over the rows before it, or behind it when these are fewer.
Result<std::vector<Row>> Reader::list(const Table& table, const PageRequest& request,
                                      std::int64_t total) {
  std::vector<Order> order = complete_order(request.sort);
  const Index* index = table.index_on(order.front().column);
  const bool against_ties = order.size() == 2 && order[0].descending && !order[1].descending &&
                            request.sort.size() == 1 && index != nullptr && !index->unique;
  if (against_ties) return list_by_groups(table, order[0].column, request);
  const std::int64_t skip = offset_of(request);
  if (skip >= total) return std::vector<Row>{};
  const std::int64_t take = std::min(request.size, total - skip);
  const std::int64_t behind = total - skip - take;
  if (order.front().column == 0 && skip >= kStepsMin) {
    const bool descending = order.front().descending;
    const auto first = id_at(table, descending ? total - 1 - skip : skip, total);
    if (!first) return std::unexpected(first.error());
    if (*first) return list_from_id(table, **first, descending, take);
  }
  if (skip <= behind) return list_in_order(table, std::move(order), skip, take);
  for (Order& each : order) each.descending = !each.descending;
  auto rows = list_in_order(table, std::move(order), behind, take);
  if (rows) std::ranges::reverse(*rows);
  return rows;
}

Result<std::vector<Row>> Reader::list_in_order(const Table& table, std::vector<Order> order,
                                               std::int64_t skip, std::int64_t take) {
  Result<Statement*> select =
      statement(select_all(table) + order_sql(table, order) + " LIMIT ?1 OFFSET ?2");
  if (!select) return pass_on(select);
  (*select)->bind(1, take).bind(2, skip);
  return rows_of(**select);
}

/// The id of the row at that place in id order; nothing when the ids have gaps.
Result<std::optional<std::int64_t>> Reader::id_at(const Table& table, std::int64_t place,
                                                  std::int64_t total) {
  const std::string id = quoted(table.columns[0].name);
  const std::string name = quoted(table.name);
  Result<Statement*> ends = statement("SELECT (SELECT min(" + id + ") FROM " + name +
                                      "), (SELECT max(" + id + ") FROM " + name + ")");
  if (!ends) return pass_on(ends);
  const ResetAtEnd reset(**ends);
  if ((*ends)->step() != SQLITE_ROW) return failed();
  const std::int64_t first = (*ends)->integer(0);
  if ((*ends)->integer(1) - first + 1 != total) return std::nullopt;
  return first + place;
}

Result<std::vector<Row>> Reader::list_from_id(const Table& table, std::int64_t id, bool descending,
                                              std::int64_t take) {
  const std::vector<Order> order{{0, descending}};
  Result<Statement*> select =
      statement(select_all(table) + " WHERE " + quoted(table.columns[0].name) +
                (descending ? " <= ?1" : " >= ?1") + order_sql(table, order) + " LIMIT ?2");
  if (!select) return pass_on(select);
  (*select)->bind(1, id).bind(2, take);
  return rows_of(**select);
}

/// "column descending, id ascending" runs against the index, which has the ids of equal values
/// ascending too: read from its end it would have to sort all rows of a value, and a value of few
/// (a status) may have millions. So: one value after the other, each in id order.
Result<std::vector<Row>> Reader::list_by_groups(const Table& table, std::size_t column,
                                                const PageRequest& request) {
  const std::string name = quoted(table.columns[column].name);
  const std::string select = "SELECT " + name + " FROM " + quoted(table.name);
  const std::string descending = " ORDER BY " + name + " DESC LIMIT 1";
  std::vector<Row> rows;
  std::int64_t skip = offset_of(request);
  Value value;
  for (bool is_first = true;; is_first = false) {
    Result<Statement*> next =
        statement(select + (is_first ? "" : " WHERE " + name + " < ?1") + descending);
    if (!next) return pass_on(next);
    if (!is_first) (*next)->bind(1, value);
    Result<std::vector<Row>> found = rows_of(**next);
    if (!found) return found;
    // Below the lowest value come the nulls, which no comparison finds.
    const bool nulls_left = !is_first && value.index() != 0 && found->empty();
    if (found->empty() && !nulls_left) return rows;
    value = nulls_left ? Value{} : std::move(found->front()[0]);
    Result<bool> full = append_group(table, column, value, request.size, skip, rows);
    if (!full) return pass_on(full);
    if (*full || value.index() == 0) return rows;
  }
}

/// Adds the rows of one value after leaving out `skip`, which it lowers by what it left out.
/// Whether `rows` has `limit` rows now.
Result<bool> Reader::append_group(const Table& table, std::size_t column, const Value& value,
                                  std::int64_t limit, std::int64_t& skip, std::vector<Row>& rows) {
  const std::string where = " WHERE " + quoted(table.columns[column].name) + " IS ?1";
  Result<Statement*> group = statement(select_all(table) + where + " ORDER BY " +
                                       quoted(table.columns[0].name) + " LIMIT ?2 OFFSET ?3");
  if (!group) return pass_on(group);
  (*group)->bind(1, value).bind(2, limit - std::ssize(rows)).bind(3, skip);
  Result<std::vector<Row>> found = rows_of(**group);
  if (!found) return pass_on(found);
  if (!found->empty()) {
    skip = 0;
    std::ranges::move(*found, std::back_inserter(rows));
    return std::ssize(rows) == limit;
  }
  if (skip == 0) return false;
  Result<Statement*> count =
      statement("SELECT count(*) FROM (SELECT 1 FROM " + quoted(table.name) + where + " LIMIT ?2)");
  if (!count) return pass_on(count);
  const ResetAtEnd reset(**count);
  if ((*count)->bind(1, value).bind(2, skip).step() != SQLITE_ROW) return failed();
  skip -= (*count)->integer(0);
  return false;
}

Result<Slice> Reader::page_by(const Table& table, std::size_t column, const Value& value,
                              const PageRequest& request) {
  std::string sql = find_sql(table, column);
  sql += order_sql(table, complete_order(request.sort)) + " LIMIT ?2 OFFSET ?3";
  Result<Statement*> select = statement(std::move(sql));
  if (!select) return pass_on(select);
  (*select)->bind(1, value).bind(2, request.size + 1).bind(3, offset_of(request));
  Result<std::vector<Row>> rows = rows_of(**select);
  if (!rows) return pass_on(rows);
  Slice slice{std::move(*rows)};
  slice.has_more = std::ssize(slice.rows) > request.size;
  if (slice.has_more) slice.rows.pop_back();
  return slice;
}

Result<std::vector<OutboxRow>> Reader::read_outbox(std::int64_t after, std::size_t limit) {
  Result<Statement*> select = statement(
      "SELECT seq, type, key, time, data, traceparent FROM outbox WHERE seq > ?1 ORDER BY seq "
      "LIMIT ?2");
  if (!select) return pass_on(select);
  Statement& row = **select;
  const ResetAtEnd reset(row);
  row.bind(1, after).bind(2, static_cast<std::int64_t>(limit));
  std::vector<OutboxRow> rows;
  int code = row.step();
  for (; code == SQLITE_ROW; code = row.step()) {
    OutboxEvent event{row.text(1), row.text(2), Timestamp{row.integer(3)}, row.text(4),
                      row.text(5)};
    rows.push_back({row.integer(0), std::move(event)});
  }
  if (code != SQLITE_DONE) return failed();
  return rows;
}

Result<std::unique_ptr<Reader>> ReaderPool::take() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      auto reader = std::move(idle_.back());
      idle_.pop_back();
      return reader;
    }
  }
  return Reader::open(path_);
}

void ReaderPool::give_back(std::unique_ptr<Reader> reader) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(reader));
}

}  // namespace baedal::store::sqlite
