#include "platform/store/sqlite/sqlite_store.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "kernel/assert.hpp"
#include "kernel/text.hpp"
#include "platform/store/sqlite/engine.hpp"
#include "platform/store/sqlite/list_thread.hpp"
#include "platform/store/sqlite/migrate.hpp"
#include "platform/store/sqlite/open_checks.hpp"
#include "platform/store/sqlite/reader.hpp"
#include "platform/store/sqlite/upkeep.hpp"

namespace baedal::store {
namespace {

constexpr std::chrono::milliseconds kWriterPatience{2'000};
constexpr std::int64_t kPageBytes = 4'096;

Result<std::string> read_uid(sqlite::Connection& db) {
  sqlite::Statement read = db.prepare("SELECT value FROM store_info WHERE name = 'uid'");
  if (!read || read.step() != SQLITE_ROW) return std::unexpected(db.error());
  return read.text(0);
}

/// Opens the writer's connection and brings the database to the state the program expects.
Result<sqlite::Connection> open_prepared(const SqliteOptions& options) {
  sqlite::Connection db;
  auto done = sqlite::open_checked(db, options.path, kWriterPatience);
  if (!done) return pass_on(done);
  auto migrated = sqlite::migrate(db, options.path, options.migrations, options.shared);
  if (!migrated) return pass_on(migrated);
  for (const Table* table : options.tables) {
    done = sqlite::check_table(db, *table);
    if (!done) return pass_on(done);
  }
  done = sqlite::complete_bookkeeping(db, options.tables);
  if (!done) return pass_on(done);
  return db;
}

std::string thread_name(const SqliteOptions& options, const char* role) {
  return std::filesystem::path(options.path).stem().string().substr(0, 9) + role;
}

}  // namespace

/// In the order of their making; they end in the opposite order: nobody is called who is gone.
struct SqliteStore::Parts {
  sqlite::FileLock lock;
  std::string uid;
  std::shared_ptr<sqlite::WriterGauges> gauges = std::make_shared<sqlite::WriterGauges>();
  std::unique_ptr<sqlite::Upkeep> upkeep;
  sqlite::SqliteEngine* engine = nullptr;  // the committer's; used on its thread only
  std::unique_ptr<GroupCommitter> committer;
  std::unique_ptr<sqlite::ReaderPool> readers;
  std::unique_ptr<sqlite::ListThread> lists;

  ~Parts() {
    // It posts to the committer, which ends before it.
    if (upkeep) upkeep->stop();
  }
  Result<void> start_upkeep(const SqliteOptions& options);
  Result<void> start_writer(const SqliteOptions& options, sqlite::Connection db);
  Result<void> start_readers(const SqliteOptions& options);
};

Result<void> SqliteStore::Parts::start_upkeep(const SqliteOptions& options) {
  sqlite::Connection db;
  const int code = db.open(options.path, sqlite::Connection::Mode::kWrite, kWriterPatience);
  if (code != SQLITE_OK) return std::unexpected(sqlite::error_of(code, 0, "open"));
  // A connection that has read nothing does not know that there is a log to be moved.
  if (db.exec("PRAGMA synchronous = FULL; SELECT count(*) FROM sqlite_schema") != SQLITE_OK) {
    return std::unexpected(db.error());
  }
  sqlite::Upkeep::Tasks tasks;
  tasks.checkpoint_on_writer = [this](std::function<void()> done) {
    committer->post([writer = engine, done = std::move(done)](CommitEngine&) {
      writer->checkpoint();
      done();
    });
  };
  tasks.purge_outbox_on_writer = [this] {
    committer->post([writer = engine](CommitEngine&) { writer->purge_outbox(); });
  };
  upkeep = std::make_unique<sqlite::Upkeep>(thread_name(options, "-upkeep"), std::move(db),
                                            options.wal_pages_max, std::move(tasks));
  return {};
}

Result<void> SqliteStore::Parts::start_writer(const SqliteOptions& options, sqlite::Connection db) {
  sqlite::SqliteEngine::Options writer{options.tables, options.clock, options.wal_pages_hint,
                                       [this] { upkeep->want_checkpoint(); },
                                       options.cache_bytes_max};
  auto made = sqlite::SqliteEngine::make(std::move(db), std::move(writer), gauges);
  if (!made) return pass_on(made);
  engine = made->get();
  committer = std::make_unique<GroupCommitter>(thread_name(options, "-write"), std::move(*made),
                                               options.limits);
  return {};
}

Result<void> SqliteStore::Parts::start_readers(const SqliteOptions& options) {
  readers = std::make_unique<sqlite::ReaderPool>(options.path);
  auto reader = sqlite::Reader::open(options.path);
  if (!reader) return pass_on(reader);
  const sqlite::ListThread::Limits limits{options.lists_waiting_max, options.list_deadline};
  lists = std::make_unique<sqlite::ListThread>(thread_name(options, "-list"), std::move(*reader),
                                               limits);
  return {};
}

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(SqliteOptions options) {
  BAEDAL_ASSERT(options.clock != nullptr);
  auto parts = std::make_unique<Parts>();
  if (options.exclusive) {
    auto lock = sqlite::FileLock::take(options.path);
    if (!lock) return pass_on(lock);
    parts->lock = std::move(*lock);
  }
  auto db = open_prepared(options);
  if (!db) return pass_on(db);
  auto uid = read_uid(*db);
  if (!uid) return pass_on(uid);
  parts->uid = std::move(*uid);
  auto started = parts->start_upkeep(options);
  if (started) started = parts->start_writer(options, std::move(*db));
  if (started) started = parts->start_readers(options);
  if (!started) return pass_on(started);
  return std::unique_ptr<SqliteStore>(new SqliteStore(std::move(parts)));
}

SqliteStore::SqliteStore(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
SqliteStore::~SqliteStore() = default;

Task<Result<CommitOutcome>> SqliteStore::commit_once(const OnceKey& key, Body body) {
  return parts_->committer->commit_once(key, body);
}

Task<Result<std::optional<Row>>> SqliteStore::find(const Table& table, std::int64_t id) {
  const Value value = id;
  co_return parts_->readers->with_reader(
      [&](sqlite::Reader& reader) { return reader.find_by(table, 0, value); });
}

Task<Result<std::optional<Row>>> SqliteStore::find_by(const Table& table, std::size_t column,
                                                      const Value& value) {
  BAEDAL_ASSERT(table.index_on(column) != nullptr && table.index_on(column)->unique);
  co_return parts_->readers->with_reader(
      [&](sqlite::Reader& reader) { return reader.find_by(table, column, value); });
}

Task<Result<Page>> SqliteStore::page(const Table& table, const PageRequest& request) {
  auto read = [&](sqlite::Reader& reader) { return reader.page(table, request); };
  co_return co_await parts_->lists->run<Page>(read);
}

Task<Result<Slice>> SqliteStore::page_by(const Table& table, std::size_t column, const Value& value,
                                         const PageRequest& request) {
  BAEDAL_ASSERT(table.index_on(column) != nullptr);
  auto read = [&](sqlite::Reader& reader) { return reader.page_by(table, column, value, request); };
  co_return co_await parts_->lists->run<Slice>(read);
}

const std::string& SqliteStore::uid() const { return parts_->uid; }

Task<Result<std::vector<OutboxRow>>> SqliteStore::read_outbox(std::int64_t after,
                                                              std::size_t limit) {
  // Rows already relayed may still be there: they go with a later group.
  const std::int64_t from = std::max(after, parts_->gauges->relayed_seq.load());
  auto read = [from, limit](sqlite::Reader& reader) { return reader.read_outbox(from, limit); };
  co_return co_await parts_->lists->run<std::vector<OutboxRow>>(read);
}

void SqliteStore::mark_relayed(std::int64_t seq) {
  std::atomic<std::int64_t>& relayed = parts_->gauges->relayed_seq;
  for (std::int64_t before = relayed; before < seq;) {
    if (relayed.compare_exchange_weak(before, seq)) return parts_->upkeep->want_purge();
  }
}

void SqliteStore::on_outbox(OutboxListener listener) {
  parts_->committer->on_outbox(std::move(listener));
}

Task<Result<std::int64_t>> SqliteStore::sweep_keys(Timestamp before, std::int64_t limit) {
  const OnceKey no_key;
  auto sweep = [writer = parts_->engine, before, limit](Tx&) {
    return writer->sweep_keys(before, limit);
  };
  Result<CommitOutcome> outcome = co_await parts_->committer->commit_once(no_key, sweep);
  if (!outcome) co_return pass_on(outcome);
  co_return parse_int64(outcome->answer).value_or(0);
}

Result<void> SqliteStore::health() const { return parts_->committer->health(); }

StoreStats SqliteStore::stats() const {
  const GroupCommitStats commits = parts_->committer->stats();
  const sqlite::WriterGauges& gauges = *parts_->gauges;
  StoreStats stats;
  stats.groups = commits.groups;
  stats.bodies = commits.bodies;
  stats.refused = commits.refused;
  stats.failed_groups = commits.failed_groups;
  stats.waiting = commits.waiting;
  const std::int64_t relayed_left =
      std::max<std::int64_t>(gauges.relayed_seq - gauges.purged_seq, 0);
  stats.outbox_rows = std::max<std::int64_t>(gauges.outbox_rows - relayed_left, 0);
  stats.log_bytes = gauges.wal_pages * kPageBytes;
  return stats;
}

void SqliteStore::exec_on_writer(std::string sql) {
  parts_->committer->post([writer = parts_->engine, sql = std::move(sql)](CommitEngine&) {
    const Result<void> done = writer->exec(sql);
    BAEDAL_ASSERT(done.has_value());
  });
}

}  // namespace baedal::store
