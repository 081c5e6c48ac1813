#include "platform/store/postgres/migrate.hpp"

#include <regex>
#include <utility>

#include "platform/store/errors.hpp"
#include "platform/store/postgres/table_sql.hpp"

namespace baedal::store::postgres {

/// Made by baedal_migrations() from postgres/migrations.
std::span<const Migration> migrations();

namespace {

/// Whoever starts at the same time waits here, for one row, until the first has committed.
constexpr const char* kTakeTurns =
    "BEGIN; SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0;"
    "INSERT INTO schema_migrations (component, number, name) VALUES ('turn', 0, 'one at a time')"
    " ON CONFLICT DO NOTHING;"
    "SELECT name FROM schema_migrations WHERE component = 'turn' FOR UPDATE";

constexpr const char* kCreateRegister =
    "CREATE TABLE IF NOT EXISTS schema_migrations (component TEXT NOT NULL, number BIGINT NOT NULL,"
    " name TEXT NOT NULL, applied_at TIMESTAMPTZ NOT NULL DEFAULT now(), works_with BIGINT,"
    " PRIMARY KEY (component, number))";

/// The first databases had no such column. Looked for before: to alter a table is to lock it.
constexpr const char* kCompleteRegister =
    "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid ="
    " 'schema_migrations'::regclass AND attname = 'works_with') THEN ALTER TABLE schema_migrations"
    " ADD COLUMN works_with BIGINT; END IF; END $$";

class Run {
 public:
  Run(Connection& db, AppliedMigrations& applied) : db_(db), applied_(applied) {}

  Result<void> component(std::string_view name, std::span<const Migration> steps) {
    const int known = steps.empty() ? 0 : steps.back().number;
    Params of_component;
    of_component.add(name).add(std::int64_t{known});
    auto newest = db_.run(
        "SELECT coalesce(max(number), 0)::int8, coalesce(max(coalesce(works_with, number)) FILTER"
        " (WHERE number > $2::int8), 0)::int8 FROM schema_migrations WHERE component = $1::text",
        of_component);
    if (!newest) return pass_on(newest);
    const std::int64_t done = newest->integer(0, 0);
    const std::int64_t needed = newest->integer(0, 1);
    if (needed > known) return too_new(name, done, needed, known);
    for (const Migration& step : steps) {
      if (step.number <= done) continue;
      if (auto ran = apply(name, step); !ran) return ran;
    }
    return {};
  }

 private:
  static std::unexpected<Error> too_new(std::string_view name, std::int64_t done,
                                        std::int64_t needed, int known) {
    return fail(ErrorKind::kInternal, "store-too-new",
                "The database was written by a newer version of this program (its " +
                    std::string(name) + " schema is at step " + std::to_string(done) +
                    ", which needs a program that knows step " + std::to_string(needed) +
                    "; this one knows " + std::to_string(known) +
                    "). Start the newer version, or restore a backup made before the upgrade.");
  }

  Result<void> apply(std::string_view component, const Migration& step) {
    auto ran = db_.script(in_dialect(step.sql));
    if (ran) {
      Params row;
      row.add(component).add(std::int64_t{step.number}).add(std::string_view(step.name));
      row.add(std::int64_t{step.needs()});
      auto remembered = db_.run(
          "INSERT INTO schema_migrations (component, number, name, works_with)"
          " VALUES ($1::text, $2::int8, $3::text, $4::int8)",
          row);
      if (!remembered) ran = pass_on(remembered);
    }
    if (!ran) {
      ran.error().detail = "Migration " + std::string(step.name) + " failed: " + db_.message();
      return ran;
    }
    applied_.push_back(std::string(component) + " " + step.name);
    return {};
  }

  Connection& db_;
  AppliedMigrations& applied_;
};

/// Sequences, row counts and the uid: what belongs to the tables beside their steps.
Result<void> keep_books(Connection& db, std::span<const Table* const> tables, bool recount) {
  Result<void> done = db.script(
      "INSERT INTO store_info (name, value) VALUES ('uid', substr(md5(random()::text ||"
      " clock_timestamp()::text || pg_backend_pid()::text), 1, 16)) ON CONFLICT (name) DO NOTHING;"
      "DELETE FROM writers WHERE seen_at < now() - interval '30 days';"
      "INSERT INTO row_counts SELECT 'once_keys', -1, (SELECT count(*) FROM once_keys)"
      " WHERE NOT EXISTS (SELECT 1 FROM row_counts WHERE table_name = 'once_keys')");
  for (const Table* table : tables) {
    if (!done) return done;
    const std::string name = quoted(table->name);
    const std::string sequence = quoted(sequence_name(*table));
    if (recount) {
      // Steps may have brought rows with them. A sequence never goes back.
      done = db.script("CREATE SEQUENCE IF NOT EXISTS " + sequence + ";SELECT setval('" + sequence +
                       "', greatest((SELECT last_value FROM " + sequence +
                       "), (SELECT max(id) FROM " + name + ")), (SELECT is_called FROM " +
                       sequence + ") OR EXISTS (SELECT 1 FROM " + name + "));" +
                       "DELETE FROM row_counts WHERE table_name = '" + std::string(table->name) +
                       "'; INSERT INTO row_counts SELECT '" + std::string(table->name) +
                       "', -1, count(*) FROM " + name);
    }
    if (!done) continue;
    const auto has_columns = db.run("SELECT " + column_list(*table) + " FROM " + name + " LIMIT 0");
    if (!has_columns) {
      return fail(ErrorKind::kInternal, "store-schema",
                  "The table " + std::string(table->name) +
                      " of the database is not as this program expects it: " + db.message());
    }
  }
  return done;
}

}  // namespace

std::string in_dialect(std::string_view sql) {
  static const std::regex text_type(R"(\bTEXT\b)");
  static const std::regex plain_index(R"((CREATE INDEX \w+ ON \w+ \()(\w+)\))");
  static const std::regex unique_index(R"((CREATE UNIQUE INDEX \w+ ON \w+ \()(\w+)\))");
  std::string out = std::regex_replace(std::string(sql), text_type, "TEXT COLLATE \"C\"");
  out = std::regex_replace(out, plain_index, "$1$2 NULLS FIRST, id)");
  return std::regex_replace(out, unique_index, "$1$2 NULLS FIRST)");
}

Result<AppliedMigrations> migrate(const Target& target, std::span<const Migration> service,
                                  std::span<const MigrationSet> shared,
                                  std::span<const Table* const> tables) {
  Target patient = target;
  patient.answer_timeout = std::chrono::minutes{10};
  patient.tells_why = true;
  auto opened = Connection::open(patient);
  if (!opened) return pass_on(opened);
  Connection& db = **opened;
  if (!target.schema.empty()) {
    // Two that make it at once: one of them gets an error although it is there then.
    for (int attempt = 0; attempt < 2; ++attempt) {
      if (db.script("CREATE SCHEMA IF NOT EXISTS " + quoted(target.schema))) break;
    }
  }
  Result<void> done = db.script(kCreateRegister);
  if (!done) done = db.script(kCreateRegister);
  if (done) done = db.script(kCompleteRegister);
  if (!done && !db.is_lost()) done = db.script(kCompleteRegister);
  if (done) done = db.script(kTakeTurns);
  AppliedMigrations applied;
  Run run(db, applied);
  if (done) done = run.component("platform", migrations());
  for (const MigrationSet& set : shared) {
    if (done) done = run.component(set.component, set.steps);
  }
  if (done) done = run.component("service", service);
  if (done) done = keep_books(db, tables, !applied.empty());
  if (done) done = db.script("COMMIT");
  if (done) return applied;
  if (!db.is_lost()) std::ignore = db.script("ROLLBACK");
  return pass_on(done);
}

}  // namespace baedal::store::postgres
