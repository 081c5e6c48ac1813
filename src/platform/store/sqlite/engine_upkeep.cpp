// The making of SqliteEngine, and what it does between groups.

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "kernel/assert.hpp"
#include "platform/store/sqlite/engine.hpp"
#include "platform/store/sqlite/table_sql.hpp"

namespace baedal::store::sqlite {
namespace {

constexpr std::size_t kColumnsMax = 64;  // changed columns are a 64-bit set
static_assert(kColumnsMax <= IncomingRows::kColumnsMax);

constexpr const char* kSettings =
    // The log is moved by another thread, so that no commit waits for it.
    "PRAGMA wal_autocheckpoint = 0;"
    // Savepoints keep their page copies in memory, big groups are not written before their commit.
    "PRAGMA temp_store = MEMORY; PRAGMA cache_spill = OFF;"
    // Debian's SQLite overwrites what is deleted with zeros: every relayed event would be written
    // twice.
    "PRAGMA secure_delete = OFF; PRAGMA journal_size_limit = 67108864";

}  // namespace

Result<void> SqliteEngine::prepare() {
  if (db_.exec(kSettings) != SQLITE_OK) return std::unexpected(db_.error());
  // SQLite's unit is a negative KiB.
  const std::string cache = std::to_string(options_.cache_bytes_max >> 10U);
  if (db_.exec(("PRAGMA cache_size = -" + cache).c_str()) != SQLITE_OK) {
    return std::unexpected(db_.error());
  }
  if (incoming_.attach(db_) != SQLITE_OK) return std::unexpected(db_.error());
  const std::pair<Statement*, const char*> statements[] = {
      {&begin_, "BEGIN IMMEDIATE"},
      {&commit_, "COMMIT"},
      {&rollback_, "ROLLBACK"},
      {&savepoint_, "SAVEPOINT body"},
      {&release_, "RELEASE body"},
      {&rollback_to_, "ROLLBACK TO body"},
      {&data_version_, "PRAGMA data_version"},
      {&find_key_, "SELECT fingerprint, answer FROM once_keys WHERE key = ?1"},
      {&insert_key_,
       "INSERT INTO once_keys (key, fingerprint, answer, created_at) VALUES (?1, ?2, ?3, ?4)"},
      // They are numbered one after the other and go from the front: no need to walk over them.
      {&count_keys_,
       "SELECT coalesce((SELECT max(id) FROM once_keys) - (SELECT min(id) FROM once_keys) + 1, 0)"},
      {&sweep_keys_,
       "DELETE FROM once_keys WHERE id IN (SELECT id FROM once_keys ORDER BY id LIMIT ?2)"
       " AND created_at < ?1"},
      {&purge_outbox_, "DELETE FROM outbox WHERE seq <= ?1"},
      {&write_stats_, "UPDATE table_stats SET last_id = ?2, row_count = ?3 WHERE name = ?1"},
      {&probe_, "INSERT OR REPLACE INTO store_info VALUES ('probe', ?1)"},
  };
  for (const auto& [statement, sql] : statements) {
    *statement = db_.prepare(sql);
    if (!*statement) return std::unexpected(db_.error());
  }
  insert_outbox_ =
      db_.prepare(insert_rows_sql("outbox", "seq, type, key, time, data, traceparent", 6));
  if (!insert_outbox_) return std::unexpected(db_.error());
  tables_.resize(options_.tables.size());
  for (std::size_t i = 0; i < tables_.size(); ++i) {
    tables_[i].table = options_.tables[i];
    if (Result<void> prepared = prepare_table(tables_[i]); !prepared) return prepared;
  }
  const auto first = db_.integer("SELECT min(seq) FROM outbox");
  if (!first) return std::unexpected(first.error());
  gauges_->purged_seq = std::max<std::int64_t>(*first - 1, 0);
  sqlite3_wal_hook(db_.handle(), on_wal_grown, this);
  return load_stats();
}

Result<void> SqliteEngine::prepare_table(WriterTable& table) {
  const Table& described = *table.table;
  BAEDAL_ASSERT(described.columns.size() <= kColumnsMax);
  table.insert = db_.prepare(insert_sql(described));
  table.insert_rows = db_.prepare(
      insert_rows_sql(described.name, column_list(described), described.columns.size()));
  table.erase = db_.prepare(erase_sql(described));
  if (!table.insert || !table.insert_rows || !table.erase) return std::unexpected(db_.error());
  table.find_by.resize(described.columns.size());
  for (std::size_t column = 0; column < described.columns.size(); ++column) {
    const Index* index = described.index_on(column);
    if (column != 0 && (index == nullptr || !index->unique)) continue;
    table.find_by[column] = db_.prepare(find_sql(described, column));
    if (!table.find_by[column]) return std::unexpected(db_.error());
  }
  return {};
}

Result<void> SqliteEngine::load_stats() {
  Statement read = db_.prepare("SELECT last_id, row_count FROM table_stats WHERE name = ?1");
  if (!read) return failed(db_.error_code());
  const auto load = [&](WriterTable& table, std::string_view name) -> Result<void> {
    const ResetAtEnd reset(read);
    const int code = read.bind(1, name).step();
    if (code != SQLITE_ROW) return failed(code);
    // Ids that rolled-back bodies took stay skipped.
    table.last_id = std::max(table.last_id, read.integer(0));
    table.highest_id = table.last_id;
    table.row_count = read.integer(1);
    return {};
  };
  for (WriterTable& table : tables_) {
    if (Result<void> loaded = load(table, table.table->name); !loaded) return loaded;
  }
  outbox_stats_.last_id = 0;
  Result<void> loaded = load(outbox_stats_, "outbox");
  if (loaded) gauges_->outbox_rows = outbox_stats_.row_count;
  return loaded;
}

int SqliteEngine::on_wal_grown(void* self, sqlite3*, const char*, int pages) {
  auto& engine = *static_cast<SqliteEngine*>(self);
  const std::int64_t hint = engine.options_.wal_pages_hint;
  const bool has_restarted = pages < engine.gauges_->wal_pages;
  engine.gauges_->wal_pages = pages;
  if (has_restarted || engine.long_wal_at_ == 0) engine.long_wal_at_ = hint;
  if (pages >= engine.long_wal_at_) {
    engine.long_wal_at_ = pages + hint;
    engine.options_.on_long_wal();
  }
  return SQLITE_OK;
}

void SqliteEngine::checkpoint() {
  sqlite3_wal_checkpoint_v2(db_.handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
}

std::int64_t SqliteEngine::keys_kept(std::int64_t /*exact_from*/) {
  const ResetAtEnd reset(count_keys_);
  return count_keys_.step() == SQLITE_ROW ? count_keys_.integer(0) : 0;
}

Result<std::string> SqliteEngine::sweep_keys(Timestamp before, std::int64_t limit) {
  const int code = sweep_keys_.bind(1, before.micros).bind(2, limit).run();
  if (code != SQLITE_OK) return failed(code);
  return std::to_string(sqlite3_changes64(db_.handle()));
}

Result<void> SqliteEngine::exec(const std::string& sql) {
  if (db_.exec(sql.c_str()) != SQLITE_OK) return std::unexpected(db_.error());
  return {};
}

}  // namespace baedal::store::sqlite
