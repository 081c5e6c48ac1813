#include "platform/store/sqlite/frozen_sqlite.hpp"

#include <thread>

namespace baedal::store {
namespace {

using sqlite::Connection;

constexpr std::chrono::milliseconds kPatience{2'000};
/// A writer under load leaves its lock for a moment between two groups. SQLite's own waiting, which
/// sleeps longer and longer, would hardly ever meet that moment.
constexpr std::chrono::microseconds kPauseBetweenTries{20};

Error copy_error(const std::filesystem::path& path, const Error& cause) {
  return {cause.kind, cause.code, path.filename().string() + " cannot be copied: " + cause.detail};
}

Result<void> check_copy(Connection& copy) {
  // A file by itself, without a log beside it; opening it for serving brings the log back.
  if (copy.exec("PRAGMA journal_mode = DELETE") != SQLITE_OK) return std::unexpected(copy.error());
  sqlite::Statement check = copy.prepare("PRAGMA quick_check(1)");
  if (!check || check.step() != SQLITE_ROW) return std::unexpected(copy.error());
  const std::string verdict = check.text(0);
  if (verdict == "ok") return {};
  return fail(ErrorKind::kInternal, "store-damaged", "it is damaged (" + verdict + ").");
}

}  // namespace

Result<std::unique_ptr<FrozenSqlite>> FrozenSqlite::open(const std::filesystem::path& path) {
  std::unique_ptr<FrozenSqlite> frozen(new FrozenSqlite);
  for (Connection* db : {&frozen->lock_, &frozen->reader_}) {
    int code = db->open(path.string(), Connection::Mode::kWrite, kPatience);
    // Reads something: a file that is no database is found out here.
    if (code == SQLITE_OK) code = db->exec("SELECT count(*) FROM sqlite_schema");
    if (code == SQLITE_OK) continue;
    const Error cause =
        db->handle() != nullptr ? db->error() : sqlite::error_of(code, 0, sqlite3_errstr(code));
    return std::unexpected(copy_error(path, cause));
  }
  return frozen;
}

Result<void> FrozenSqlite::freeze(std::chrono::steady_clock::time_point deadline) {
  sqlite3_busy_timeout(lock_.handle(), 0);
  int code = lock_.exec("BEGIN IMMEDIATE");
  while ((code & 0xff) == SQLITE_BUSY && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(kPauseBetweenTries);
    code = lock_.exec("BEGIN IMMEDIATE");
  }
  if (code != SQLITE_OK) return std::unexpected(lock_.error());
  // A transaction begins with its first read.
  if (reader_.exec("BEGIN; SELECT count(*) FROM sqlite_schema") == SQLITE_OK) return {};
  Error error = reader_.error();
  release();
  return std::unexpected(std::move(error));
}

void FrozenSqlite::release() {
  if (lock_.in_transaction()) lock_.exec("ROLLBACK");
}

Result<std::uint64_t> FrozenSqlite::copy_to(const std::filesystem::path& file) {
  Connection copy;
  if (copy.open(file.string(), Connection::Mode::kCreate, kPatience) != SQLITE_OK ||
      copy.exec("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF") != SQLITE_OK) {
    return std::unexpected(copy_error(file, copy.error()));
  }
  sqlite3_backup* backup = sqlite3_backup_init(copy.handle(), "main", reader_.handle(), "main");
  if (backup == nullptr) return std::unexpected(copy_error(file, copy.error()));
  // Out of the reader's open transaction: what is committed meanwhile does not get in.
  sqlite3_backup_step(backup, -1);
  const int code = sqlite3_backup_finish(backup);
  reader_.exec("ROLLBACK");
  if (code != SQLITE_OK) return std::unexpected(copy_error(file, copy.error()));
  if (auto checked = check_copy(copy); !checked) {
    return std::unexpected(copy_error(file, checked.error()));
  }
  copy = Connection();
  std::error_code error;
  const std::uintmax_t length = std::filesystem::file_size(file, error);
  if (!error) return length;
  return unavailable("store-unavailable", file.filename().string() + ": " + error.message() + ".");
}

Result<void> skip_ids_in_sqlite(const std::filesystem::path& path, std::int64_t count) {
  Connection db;
  const int code = db.open(path.string(), Connection::Mode::kWrite, kPatience);
  if (code != SQLITE_OK) return std::unexpected(sqlite::error_of(code, 0, sqlite3_errstr(code)));
  const std::string sql = "UPDATE table_stats SET last_id = last_id + " + std::to_string(count);
  if (db.exec(sql.c_str()) != SQLITE_OK) return std::unexpected(db.error());
  return {};
}

}  // namespace baedal::store
