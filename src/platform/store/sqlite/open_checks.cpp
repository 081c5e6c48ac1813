#include "platform/store/sqlite/open_checks.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "platform/store/sqlite/table_sql.hpp"

namespace baedal::store::sqlite {
namespace {

/// About 30 ms. Above this a full read at each start would be felt; damage then shows when a page
/// is read.
constexpr std::uintmax_t kQuickCheckBytesMax = 8 * 1024 * 1024;

void make_folder_of(const std::string& path) {
  std::error_code ignored;  // opening the file says it better
  const auto folder = std::filesystem::path(path).parent_path();
  if (!folder.empty()) std::filesystem::create_directories(folder, ignored);
}

Error damaged(const std::string& path, const std::string& what) {
  return {ErrorKind::kInternal, "store-damaged",
          path + " is damaged (" + what +
              "). Restore a backup of it, or move it away to start empty; "
              "what can still be read is printed by: sqlite3 " +
              path + " .recover"};
}

Error refused(const Connection& db, int code, const std::string& path) {
  const char* message = db.handle() != nullptr ? sqlite3_errmsg(db.handle()) : sqlite3_errstr(code);
  if ((code & 0xff) == SQLITE_NOTADB || (code & 0xff) == SQLITE_CORRUPT)
    return damaged(path, message);
  Error error = error_of(code, db.handle() != nullptr ? db.system_errno() : 0, message);
  error.detail = path + " cannot be opened: " + message + ". " + error.detail;
  return error;
}

Result<void> quick_check(Connection& db, const std::string& path) {
  std::error_code ignored;
  const auto bytes = std::filesystem::file_size(path, ignored);
  if (ignored || bytes > kQuickCheckBytesMax) return {};
  Statement check = db.prepare("PRAGMA quick_check(1)");
  if (!check || check.step() != SQLITE_ROW)
    return std::unexpected(damaged(path, sqlite3_errmsg(db.handle())));
  const std::string verdict = check.text(0);
  if (verdict != "ok") return std::unexpected(damaged(path, verdict));
  return {};
}

bool has_index(Connection& db, const Table& table, const Index& index) {
  // The wanted column leads the index; a unique index has no other.
  Statement find = db.prepare(
      "SELECT 1 FROM pragma_index_list(?1) AS list JOIN pragma_index_info(list.name) AS info"
      " WHERE info.seqno = 0 AND info.name = ?2 AND list.partial = 0 AND (?3 = 0 OR "
      "(list.\"unique\" = 1"
      " AND (SELECT count(*) FROM pragma_index_info(list.name)) = 1))");
  find.bind(1, table.name).bind(2, table.columns[index.column].name);
  find.bind(3, std::int64_t{index.unique ? 1 : 0});
  return find.step() == SQLITE_ROW;
}

bool has_column(Connection& db, const Table& table, std::size_t column) {
  Statement find = db.prepare(
      "SELECT 1 FROM pragma_table_info(?1) WHERE name = ?2 AND (?3 = 0 OR (pk = 1 AND"
      " upper(type) = 'INTEGER'))");
  find.bind(1, table.name).bind(2, table.columns[column].name);
  find.bind(3, std::int64_t{column == 0 ? 1 : 0});
  return find.step() == SQLITE_ROW;
}

std::unexpected<Error> schema_differs(const std::string& what) {
  return fail(ErrorKind::kInternal, "store-schema",
              "The database has no " + what + ": its migrations and this program do not agree.");
}

/// Counts the rows of a table once; its last id never goes back.
int count_rows(Connection& db, const Table& table) {
  const std::string name = quoted(table.name);
  const std::string sql =
      "INSERT INTO table_stats (name, last_id, row_count) SELECT ?1, coalesce(max(" +
      quoted(table.columns[0].name) + "), 0), count(*) FROM " + name +
      " WHERE true ON CONFLICT (name) DO UPDATE SET row_count = excluded.row_count,"
      " last_id = max(last_id, excluded.last_id)";
  Statement count = db.prepare(sql);
  if (!count) return db.error_code();
  return count.bind(1, table.name).run();
}

int write_bookkeeping(Connection& db, std::span<const Table* const> tables, bool recount) {
  if (const int code =
          db.exec("INSERT OR IGNORE INTO store_info VALUES ('uid', lower(hex(randomblob(8))));"
                  "INSERT OR IGNORE INTO table_stats VALUES ('outbox', 0, 0);"
                  "DELETE FROM store_info WHERE name = 'recount'")) {
    return code;
  }
  for (const Table* table : tables) {
    // Counting reads the whole table: only when there is no count yet.
    Statement find = db.prepare("SELECT 1 FROM table_stats WHERE name = ?1");
    const bool counted = find && find.bind(1, table->name).step() == SQLITE_ROW;
    if (counted && !recount) continue;
    find = Statement();
    if (const int code = count_rows(db, *table)) return code;
  }
  return SQLITE_OK;
}

}  // namespace

Result<void> open_checked(Connection& db, const std::string& path,
                          std::chrono::milliseconds patience) {
  make_folder_of(path);
  int code = db.open(path, Connection::Mode::kCreate, patience);
  if (code != SQLITE_OK) return std::unexpected(refused(db, code, path));
  if (sqlite3_db_readonly(db.handle(), "main") == 1) {
    return std::unexpected(refused(db, SQLITE_READONLY, path));
  }
  code = db.exec(
      "SELECT count(*) FROM sqlite_schema; PRAGMA journal_mode = WAL;"
      "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON");
  if (code != SQLITE_OK) return std::unexpected(refused(db, code, path));
  return quick_check(db, path);
}

Result<void> check_table(Connection& db, const Table& table) {
  const std::string name(table.name);
  for (std::size_t column = 0; column < table.columns.size(); ++column) {
    if (has_column(db, table, column)) continue;
    const std::string wanted = name + "." + std::string(table.columns[column].name);
    return schema_differs(column == 0 ? "64-bit integer primary key " + wanted
                                      : "column " + wanted);
  }
  for (const Index& index : table.indexes) {
    if (has_index(db, table, index)) continue;
    return schema_differs((index.unique ? "unique index on " : "index on ") + name + "." +
                          std::string(table.columns[index.column].name));
  }
  return {};
}

Result<void> complete_bookkeeping(Connection& db, std::span<const Table* const> tables) {
  const auto recount = db.integer("SELECT 1 FROM store_info WHERE name = 'recount'");
  if (!recount) return std::unexpected(recount.error());
  if (db.exec("BEGIN IMMEDIATE") != SQLITE_OK) return std::unexpected(db.error());
  const int code = write_bookkeeping(db, tables, *recount == 1);
  if (code == SQLITE_OK && db.exec("COMMIT") == SQLITE_OK) return {};
  const Error error = db.error();
  db.exec("ROLLBACK");
  return std::unexpected(error);
}

Result<FileLock> FileLock::take(const std::string& path) {
  make_folder_of(path);
  FileLock lock;
  const std::string file = path + ".lock";
  lock.descriptor_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (lock.descriptor_ < 0) {
    return std::unexpected(Error{ErrorKind::kUnavailable, "store-unavailable",
                                 file + " cannot be made: " + std::strerror(errno) + "."});
  }
  if (::flock(lock.descriptor_, LOCK_EX | LOCK_NB) == 0) return lock;
  return std::unexpected(
      Error{ErrorKind::kUnavailable, "store-in-use",
            path + " is in use by another server. Stop that one first, or give this "
                   "one a data folder of its own."});
}

FileLock::~FileLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace baedal::store::sqlite
