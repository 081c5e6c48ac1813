// What a body calls: the Tx side of SqliteEngine.

#include <algorithm>
#include <bit>
#include <utility>

#include "kernel/assert.hpp"
#include "platform/store/errors.hpp"
#include "platform/store/sqlite/engine.hpp"
#include "platform/store/sqlite/table_sql.hpp"

namespace baedal::store::sqlite {
namespace {

/// Different sets of changed columns per table are few; this only bounds the unforeseen.
constexpr std::size_t kUpdateStatementsMax = 64;

bool is_duplicate(int code) {
  return code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY ||
         code == SQLITE_CONSTRAINT_ROWID;
}

/// Whether no row can be in the way of this one, whose id is higher than all: null breaks no unique
/// index.
bool fits_in(const Table& table, const Row& row) {
  return std::ranges::all_of(table.indexes, [&](const Index& index) {
    return !index.unique || std::holds_alternative<std::monostate>(row[index.column]);
  });
}

/// One bit per column that differs.
std::uint64_t changed_columns(const Row& before, const Row& after) {
  std::uint64_t changed = 0;
  for (std::size_t i = 1; i < after.size(); ++i) {
    if (before[i] != after[i]) changed |= std::uint64_t{1} << i;
  }
  return changed;
}

}  // namespace

WriterTable& SqliteEngine::writer_table(const Table& table) {
  const auto known = std::ranges::find_if(tables_, [&](const WriterTable& candidate) {
    return candidate.table == &table || candidate.table->name == table.name;
  });
  BAEDAL_ASSERT(known != tables_.end());
  return *known;
}

/// To be called before a body changes anything of `table`.
void SqliteEngine::touch(WriterTable& table) {
  if (std::exchange(table.touched_by_body, true)) return;
  table.row_count_before_body = table.row_count;
  table.waiting_before_body = table.waiting.size();
}

/// The savepoint, where bodies have them, is opened by the first write: a body that only reads, or
/// is refused before it writes, needs none.
Result<void> SqliteEngine::begin_write(WriterTable& table) {
  touch(table);
  if (body_wrote_) return {};
  if (with_savepoints_) {
    if (const int code = savepoint_.run(); code != SQLITE_OK) return failed(code);
  }
  body_wrote_ = true;
  return {};
}

/// Inserts the rows that wait, because somebody looks at their table.
Result<void> SqliteEngine::write_waiting(WriterTable& table) {
  if (table.waiting.empty()) return {};
  const bool has_of_body =
      table.touched_by_body && table.waiting.size() > table.waiting_before_body;
  body_wrote_ = body_wrote_ || has_of_body;
  table.waiting_before_body = 0;
  const int code = write_rows(table);
  if (code == SQLITE_OK) return {};
  std::unexpected<Error> error = failed(code);
  spoiled_ = error.error();  // some of the rows are there
  return error;
}

/// The same, unless what is looked for is older than all that wait.
Result<void> SqliteEngine::write_waiting_before(WriterTable& table, std::size_t column,
                                                const Value& value) {
  if (table.waiting.empty()) return {};
  const auto* id = column == 0 ? std::get_if<std::int64_t>(&value) : nullptr;
  if (id != nullptr && *id < std::get<std::int64_t>(table.waiting.front()[0])) return {};
  return write_waiting(table);
}

Result<std::int64_t> SqliteEngine::next_id(const Table& table) {
  WriterTable& writer = writer_table(table);
  touch(writer);
  return ++writer.last_id;
}

Result<std::optional<Row>> SqliteEngine::find(const Table& table, std::int64_t id) {
  const Value value = id;
  return find_by(table, 0, value);
}

Result<std::optional<Row>> SqliteEngine::find_by(const Table& table, std::size_t column,
                                                 const Value& value) {
  if (spoiled_) return std::unexpected(*spoiled_);
  WriterTable& writer = writer_table(table);
  Statement& find = writer.find_by[column];
  BAEDAL_ASSERT(find);
  if (Result<void> seen = write_waiting_before(writer, column, value); !seen) return pass_on(seen);
  const ResetAtEnd reset(find);
  const int code = find.bind(1, value).step();
  if (code == SQLITE_DONE) return std::nullopt;
  if (code != SQLITE_ROW) return failed(code);
  last_read_ = {&table, find.row()};
  return last_read_.row;
}

/// The row as it is: usually the one the body has just read, to decide on it.
Result<std::optional<Row>> SqliteEngine::row_before(const Table& table, std::int64_t id) {
  if (spoiled_) return std::unexpected(*spoiled_);
  const Value value = id;
  if (last_read_.table != &table || last_read_.row[0] != value) return find(table, id);
  return std::move(last_read_.row);
}

/// A new row is there, or will be.
void SqliteEngine::added(WriterTable& table, std::int64_t id) {
  table.row_count += 1;
  table.last_id = std::max(table.last_id, id);
  table.highest_id = std::max(table.highest_id, id);
}

Result<void> SqliteEngine::insert(const Table& table, Row row) {
  check_row(table, row);
  if (spoiled_) return std::unexpected(*spoiled_);
  WriterTable& writer = writer_table(table);
  const std::int64_t id = std::get<std::int64_t>(row[0]);
  if (id > writer.highest_id && fits_in(table, row) && !with_savepoints_) {
    touch(writer);
    writer.waiting.push_back(std::move(row));
    added(writer, id);
    return {};
  }
  if (Result<void> seen = write_waiting(writer); !seen) return seen;
  if (Result<void> begun = begin_write(writer); !begun) return begun;
  for (std::size_t i = 0; i < row.size(); ++i) writer.insert.bind(static_cast<int>(i) + 1, row[i]);
  const int code = writer.insert.run();
  if (is_duplicate(code)) return std::unexpected(duplicate_row(table));
  if (code != SQLITE_OK) return failed(code);
  added(writer, id);
  return {};
}

/// Sets only what changed: an index whose column stays the same is not touched, so its pages need
/// not be written again.
Result<void> SqliteEngine::update(const Table& table, const Row& row) {
  check_row(table, row);
  Result<std::optional<Row>> before = row_before(table, std::get<std::int64_t>(row[0]));
  last_read_ = {};
  if (!before) return pass_on(before);
  if (!*before) return std::unexpected(missing_row(table));
  const std::uint64_t changed = changed_columns(**before, row);
  if (changed == 0) return {};
  WriterTable& writer = writer_table(table);
  if (Result<void> begun = begin_write(writer); !begun) return begun;
  if (writer.update.size() >= kUpdateStatementsMax) writer.update.clear();
  Statement& update = writer.update[changed];
  if (!update) update = db_.prepare(update_sql(table, changed));
  if (!update) return failed(db_.error_code());
  update.bind(1, row[0]);
  int parameter = 2;
  for (std::uint64_t rest = changed; rest != 0; rest &= rest - 1) {
    update.bind(parameter++, row[static_cast<std::size_t>(std::countr_zero(rest))]);
  }
  const int code = update.run();
  if (is_duplicate(code)) return std::unexpected(duplicate_row(table));
  if (code != SQLITE_OK) return failed(code);
  return {};
}

Result<bool> SqliteEngine::erase(const Table& table, std::int64_t id) {
  if (spoiled_) return std::unexpected(*spoiled_);
  last_read_ = {};
  WriterTable& writer = writer_table(table);
  if (Result<void> seen = write_waiting_before(writer, 0, id); !seen) return pass_on(seen);
  if (Result<void> begun = begin_write(writer); !begun) return pass_on(begun);
  if (const int code = writer.erase.bind(1, id).run(); code != SQLITE_OK) return failed(code);
  const bool was_there = sqlite3_changes(db_.handle()) > 0;
  writer.row_count -= was_there ? 1 : 0;
  return was_there;
}

Result<void> SqliteEngine::append(OutboxEvent event) {
  outbox_.push_back({++outbox_stats_.last_id, std::move(event)});
  return {};
}

}  // namespace baedal::store::sqlite
