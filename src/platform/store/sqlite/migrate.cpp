#include "platform/store/sqlite/migrate.hpp"

#include <string_view>
#include <utility>

#include "platform/store/sqlite/open_checks.hpp"

namespace baedal::store::sqlite {

/// Made by baedal_migrations() from sqlite/migrations.
std::span<const Migration> migrations();

namespace {

constexpr std::chrono::milliseconds kPatience{10'000};

constexpr const char* kCreateRegister =
    "CREATE TABLE IF NOT EXISTS schema_migrations (component TEXT NOT NULL, number INTEGER NOT "
    "NULL,"
    " name TEXT NOT NULL, applied_at TEXT NOT NULL DEFAULT (datetime('now')),"
    " works_with INTEGER, PRIMARY KEY (component, number)) WITHOUT ROWID";

/// The first databases had no such column.
Result<void> complete_register(Connection& db) {
  constexpr const char* kLook =
      "SELECT count(*) FROM pragma_table_info('schema_migrations') WHERE name = 'works_with'";
  if (db.exec(kCreateRegister) != SQLITE_OK) return std::unexpected(db.error());
  const auto there = db.integer(kLook);
  if (!there) return std::unexpected(there.error());
  if (*there == 1) return {};
  if (db.exec("ALTER TABLE schema_migrations ADD COLUMN works_with INTEGER") == SQLITE_OK) {
    return {};
  }
  const Error error = db.error();
  // Another process, which starts at the same time, may have been faster.
  const auto now_there = db.integer(kLook);
  if (now_there && *now_there == 1) return {};
  return std::unexpected(error);
}

/// In SQLite only "INTEGER PRIMARY KEY" is the row id itself; "BIGINT", which PostgreSQL needs for
/// 64 bits, would be a second index beside it.
std::string in_dialect(std::string_view sql) {
  std::string out(sql);
  for (const std::string_view rest : {" PRIMARY KEY", " NOT NULL PRIMARY KEY"}) {
    const std::string bigint = "BIGINT" + std::string(rest);
    const std::string integer = "INTEGER" + std::string(rest);
    for (auto at = out.find(bigint); at != std::string::npos; at = out.find(bigint, at)) {
      out.replace(at, bigint.size(), integer);
    }
  }
  return out;
}

/// Runs one step unless it was applied; whether it was run.
Result<bool> apply(Connection& db, std::string_view component, const Migration& step) {
  if (db.exec("BEGIN IMMEDIATE") != SQLITE_OK) return std::unexpected(db.error());
  Statement remember = db.prepare(
      "INSERT OR IGNORE INTO schema_migrations (component, number, name, works_with)"
      " VALUES (?, ?, ?, ?)");
  remember.bind(1, component)
      .bind(2, std::int64_t{step.number})
      .bind(3, std::string_view(step.name))
      .bind(4, std::int64_t{step.needs()});
  const bool remembered = remember && remember.run() == SQLITE_OK;
  const bool is_new = remembered && sqlite3_changes(db.handle()) == 1;
  const bool ran = remembered && (!is_new || db.exec(in_dialect(step.sql).c_str()) == SQLITE_OK);
  if (!ran || db.exec("COMMIT") != SQLITE_OK) {
    Error error = db.error();
    error.detail =
        "Migration " + std::string(step.name) + " failed: " + sqlite3_errmsg(db.handle());
    db.exec("ROLLBACK");
    return std::unexpected(std::move(error));
  }
  return is_new;
}

/// Refuses a database with a step that this program neither knows nor works with. Gives the newest
/// step there is.
Result<std::int64_t> check_newest(Connection& db, const std::string& path,
                                  std::string_view component, int known) {
  const std::string of_component =
      " FROM schema_migrations WHERE component = '" + std::string(component) + "'";
  const auto newest = db.integer("SELECT max(number)" + of_component);
  const auto needed = db.integer("SELECT max(coalesce(works_with, number))" + of_component +
                                 " AND number > " + std::to_string(known));
  if (!newest || !needed) return std::unexpected(newest ? needed.error() : newest.error());
  if (*needed <= known) return *newest;
  return fail(ErrorKind::kInternal, "store-too-new",
              path + " was written by a newer version of this program (its " +
                  std::string(component) + " schema is at step " + std::to_string(*newest) +
                  ", which needs a program that knows step " + std::to_string(*needed) +
                  "; this one knows " + std::to_string(known) +
                  "). Start the newer version, or restore a backup made before the upgrade.");
}

Result<void> apply_all(Connection& db, const std::string& path, std::string_view component,
                       std::span<const Migration> steps, AppliedMigrations& applied) {
  const auto newest = check_newest(db, path, component, steps.empty() ? 0 : steps.back().number);
  if (!newest) return std::unexpected(newest.error());
  for (const Migration& step : steps) {
    if (step.number <= *newest) continue;
    Result<bool> ran = apply(db, component, step);
    if (!ran) return pass_on(ran);
    if (*ran) applied.push_back(std::string(component) + " " + step.name);
  }
  return {};
}

}  // namespace

Result<AppliedMigrations> migrate(Connection& db, const std::string& path,
                                  std::span<const Migration> migrations_of_service,
                                  std::span<const MigrationSet> shared) {
  AppliedMigrations applied;
  if (auto made = complete_register(db); !made) return pass_on(made);
  auto done = apply_all(db, path, "platform", migrations(), applied);
  if (!done) return pass_on(done);
  const std::size_t of_platform = applied.size();
  for (const MigrationSet& set : shared) {
    done = apply_all(db, path, set.component, set.steps, applied);
    if (!done) return pass_on(done);
  }
  done = apply_all(db, path, "service", migrations_of_service, applied);
  if (!done) return pass_on(done);
  // A step may have moved rows behind the back of table_stats: they are counted when next opened.
  if (applied.size() > of_platform &&
      db.exec("INSERT OR REPLACE INTO store_info VALUES ('recount', '1')") != SQLITE_OK) {
    return std::unexpected(db.error());
  }
  return applied;
}

}  // namespace baedal::store::sqlite

namespace baedal::store {

Result<AppliedMigrations> migrate(const std::string& path, std::span<const Migration> migrations,
                                  std::span<const MigrationSet> shared) {
  sqlite::Connection db;
  auto opened = sqlite::open_checked(db, path, sqlite::kPatience);
  if (!opened) return pass_on(opened);
  return sqlite::migrate(db, path, migrations, shared);
}

}  // namespace baedal::store
