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

/// The savepoint, where bodies have them, is opened by the first write: a body that only reads, or
/// is refused before it writes, needs none.
Result<void> SqliteEngine::begin_write(WriterTable& table) {
  if (!std::exchange(table.touched_by_body, true)) table.row_count_before_body = table.row_count;
  if (body_wrote_) return {};
  if (with_savepoints_) {
    if (const int code = savepoint_.run(); code != SQLITE_OK) return failed(code);
  }
  body_wrote_ = true;
  return {};
}

Result<std::int64_t> SqliteEngine::next_id(const Table& table) {
  WriterTable& writer = writer_table(table);
  if (!std::exchange(writer.touched_by_body, true)) writer.row_count_before_body = writer.row_count;
  return ++writer.last_id;
}

Result<std::optional<Row>> SqliteEngine::find(const Table& table, std::int64_t id) {
  const Value value = id;
  return find_by(table, 0, value);
}

Result<std::optional<Row>> SqliteEngine::find_by(const Table& table, std::size_t column,
                                                 const Value& value) {
  if (spoiled_) return std::unexpected(*spoiled_);
  Statement& find = writer_table(table).find_by[column];
  BAEDAL_ASSERT(find);
  const ResetAtEnd reset(find);
  const int code = find.bind(1, value).step();
  if (code == SQLITE_DONE) return std::nullopt;
  if (code != SQLITE_ROW) return failed(code);
  return find.row();
}

Result<void> SqliteEngine::insert(const Table& table, const Row& row) {
  check_row(table, row);
  if (spoiled_) return std::unexpected(*spoiled_);
  WriterTable& writer = writer_table(table);
  if (Result<void> begun = begin_write(writer); !begun) return begun;
  for (std::size_t i = 0; i < row.size(); ++i) writer.insert.bind(static_cast<int>(i) + 1, row[i]);
  const int code = writer.insert.run();
  if (is_duplicate(code)) return std::unexpected(duplicate_row(table));
  if (code != SQLITE_OK) return failed(code);
  writer.row_count += 1;
  writer.last_id = std::max(writer.last_id, std::get<std::int64_t>(row[0]));
  return {};
}

/// Sets only what changed: an index whose column stays the same is not touched, so its pages need
/// not be written again.
Result<void> SqliteEngine::update(const Table& table, const Row& row) {
  check_row(table, row);
  Result<std::optional<Row>> before = find(table, std::get<std::int64_t>(row[0]));
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
  WriterTable& writer = writer_table(table);
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
