#include "platform/store/postgres/postgres_store.hpp"

#include <algorithm>
#include <utility>

#include "kernel/assert.hpp"
#include "kernel/text.hpp"
#include "platform/store/errors.hpp"
#include "platform/store/postgres/dialer.hpp"
#include "platform/store/postgres/engine.hpp"
#include "platform/store/postgres/migrate.hpp"
#include "platform/store/postgres/read_pool.hpp"
#include "platform/store/postgres/reader.hpp"
#include "platform/store/postgres/relay_lease.hpp"
#include "platform/store/postgres/table_sql.hpp"

namespace baedal::store {

using namespace postgres;  // NOLINT(google-build-using-namespace): the parts of this one class

namespace {

/// Relayed outbox rows that may lie around until they are worth a transaction of their own.
constexpr std::int64_t kRelayedRowsKept = 1'024;

Target target_of(const PostgresOptions& options) {
  return {.url = options.url,
          .schema = options.schema,
          .lock_timeout = options.lock_timeout,
          .answer_timeout = options.answer_timeout};
}

void raise_to(std::atomic<std::int64_t>& gauge, std::int64_t value) {
  for (std::int64_t before = gauge; before < value;) {
    if (gauge.compare_exchange_weak(before, value)) return;
  }
}

}  // namespace

/// In the order of their making; they end in the opposite order: nobody is called who is gone.
struct PostgresStore::Parts {
  std::string uid;
  std::string holder;  ///< this store's name in the lease
  std::shared_ptr<WriterGauges> gauges = std::make_shared<WriterGauges>();
  std::atomic<bool> purge_asked{false};
  std::atomic<bool> keys_recounted{false};
  PostgresEngine* engine = nullptr;  // the committer's; used on its thread only
  std::unique_ptr<GroupCommitter> committer;
  std::unique_ptr<ReadPool> points, lists;

  Result<void> open(const PostgresOptions& options);
  /// What this store must know of the database; gives the writer's number.
  Result<std::int64_t> introduce(Connection& db);
};

Result<void> PostgresStore::Parts::open(const PostgresOptions& options) {
  if (auto good = Connection::check_url(options.url); !good) return good;
  Target target = target_of(options);
  auto migrated = migrate(target, options.migrations, options.shared, options.tables);
  if (!migrated) return pass_on(migrated);
  auto db = Connection::open(target);
  if (!db) return pass_on(db);
  const auto writer = introduce(**db);
  if (!writer) return std::unexpected(writer.error());
  auto made = std::make_unique<PostgresEngine>(
      PostgresEngine::Options{options.tables, options.clock, *writer}, std::move(*db),
      std::make_unique<Dialer>("pg-dial", target), gauges);
  engine = made.get();
  committer = std::make_unique<GroupCommitter>("pg-write", std::move(made), options.limits);
  target.statement_timeout = options.read_deadline;
  // A server that can no longer end the statement itself is not waited for much longer.
  target.answer_timeout =
      std::min(options.answer_timeout, options.read_deadline + std::chrono::milliseconds{500});
  const ReadPool::Limits limits{options.point_connections, options.reads_waiting_max,
                                options.read_deadline};
  points = std::make_unique<ReadPool>("pg-point", target, limits);
  ReadPool::Limits list_limits = limits;
  list_limits.connections = options.list_connections;
  lists = std::make_unique<ReadPool>("pg-list", target, list_limits);
  return {};
}

Result<std::int64_t> PostgresStore::Parts::introduce(Connection& db) {
  const auto info = db.run(
      "SELECT value, nextval('writer_numbers'), (SELECT last_seq FROM outbox_head),"
      " coalesce((SELECT min(seq) - 1 FROM outbox), (SELECT last_seq FROM outbox_head))::int8"
      " FROM store_info WHERE name = 'uid'");
  if (!info) return std::unexpected(info.error());
  uid = info->text(0, 0);
  const std::int64_t writer = info->integer(0, 1);
  holder = "writer " + std::to_string(writer);
  gauges->seen_seq = info->integer(0, 2);
  gauges->relayed_seq = gauges->purged_seq = info->integer(0, 3);
  Params params;
  params.add(writer);
  const auto entered = db.run(
      "INSERT INTO writers (writer, last_group, seen_at) VALUES ($1::int8, 0, now())", params);
  if (!entered) return std::unexpected(entered.error());
  return writer;
}

Result<std::unique_ptr<PostgresStore>> PostgresStore::open(PostgresOptions options) {
  BAEDAL_ASSERT(options.clock != nullptr);
  auto parts = std::make_unique<Parts>();
  if (auto opened = parts->open(options); !opened) return pass_on(opened);
  return std::unique_ptr<PostgresStore>(new PostgresStore(std::move(parts)));
}

Result<void> PostgresStore::drop_schema(const std::string& url, const std::string& schema) {
  auto db = Connection::open({.url = url, .schema = {}});
  if (!db) return pass_on(db);
  return (*db)->script("DROP SCHEMA IF EXISTS " + quoted(schema) + " CASCADE");
}

PostgresStore::PostgresStore(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
PostgresStore::~PostgresStore() = default;

Task<Result<CommitOutcome>> PostgresStore::commit_once(const OnceKey& key, Body body) {
  // Only those whose own commit is in doubt wait for the truth.
  if (parts_->gauges->in_doubt) {
    co_return std::unexpected(store_unavailable("The database cannot be reached."));
  }
  auto committed = parts_->committer->commit_once(key, body);
  co_return co_await committed;
}

Task<Result<std::optional<Row>>> PostgresStore::find(const Table& table, std::int64_t id) {
  const Value value = id;
  auto found = find_by(table, 0, value);
  co_return co_await found;
}

Task<Result<std::optional<Row>>> PostgresStore::find_by(const Table& table, std::size_t column,
                                                        const Value& value) {
  BAEDAL_ASSERT(column == 0 ||
                (table.index_on(column) != nullptr && table.index_on(column)->unique));
  auto read = [&](Connection& db) -> Result<std::optional<Row>> {
    return Reader(db).find_by(table, column, value);
  };
  co_return co_await parts_->points->run<std::optional<Row>>(read);
}

Task<Result<Page>> PostgresStore::page(const Table& table, const PageRequest& request) {
  auto read = [&](Connection& db) { return Reader(db).page(table, request); };
  co_return co_await parts_->lists->run<Page>(read);
}

Task<Result<Slice>> PostgresStore::page_by(const Table& table, std::size_t column,
                                           const Value& value, const PageRequest& request) {
  BAEDAL_ASSERT(table.index_on(column) != nullptr);
  auto read = [&](Connection& db) { return Reader(db).page_by(table, column, value, request); };
  co_return co_await parts_->lists->run<Slice>(read);
}

const std::string& PostgresStore::uid() const { return parts_->uid; }

Task<Result<std::vector<OutboxRow>>> PostgresStore::read_outbox(std::int64_t after,
                                                                std::size_t limit) {
  // Rows already relayed may still be there: they go with a later group.
  const std::int64_t from = std::max(after, parts_->gauges->relayed_seq.load());
  auto read = [from, limit](Connection& db) { return Reader(db).read_outbox(from, limit); };
  auto rows = co_await parts_->lists->run<std::vector<OutboxRow>>(read);
  if (rows && !rows->empty()) raise_to(parts_->gauges->seen_seq, rows->back().seq);
  co_return rows;
}

void PostgresStore::mark_relayed(std::int64_t seq) {
  WriterGauges& gauges = *parts_->gauges;
  raise_to(gauges.relayed_seq, seq);
  // Many at once while it goes on, and all when nothing more is to come for now.
  const bool is_due = seq >= gauges.seen_seq || seq - gauges.purged_seq >= kRelayedRowsKept;
  if (!is_due || parts_->purge_asked.exchange(true)) return;
  parts_->committer->post([parts = parts_.get()](CommitEngine&) {
    parts->purge_asked = false;
    parts->engine->purge_outbox();
  });
}

void PostgresStore::on_outbox(OutboxListener listener) {
  parts_->committer->on_outbox(std::move(listener));
}

Task<Result<std::optional<RelayLease>>> PostgresStore::take_relay_lease(
    std::chrono::milliseconds ttl) {
  auto take = [&](Connection& db) { return take_lease(db, parts_->holder, ttl); };
  auto token = co_await parts_->points->run<std::optional<std::int64_t>>(take);
  if (!token) co_return pass_on(token);
  if (!*token) co_return std::nullopt;
  if (parts_->gauges->lease_token.exchange(**token) != **token) {
    // What this process wanted to delete while another had the lease is there still.
    parts_->gauges->purged_seq = 0;
  }
  co_return RelayLease{.token = **token, .has_an_end = true};
}

Task<void> PostgresStore::give_back_relay_lease() {
  auto give = [&](Connection& db) { return give_back_lease(db, parts_->holder); };
  // When it cannot be given back it ends by itself.
  std::ignore = co_await parts_->points->run<bool>(give);
}

Task<Result<std::int64_t>> PostgresStore::sweep_keys(Timestamp before, std::int64_t limit) {
  auto sweep = [&](Connection& db) -> Result<std::int64_t> {
    if (!parts_->keys_recounted) {
      auto recounted = Reader(db).recount_keys();
      // Once: where it takes longer than a read may, what was added up stands as it is.
      parts_->keys_recounted = recounted.has_value() || !db.is_lost();
      if (!recounted && db.is_lost()) return pass_on(recounted);
    }
    return Reader(db).sweep_keys(before, limit);
  };
  co_return co_await parts_->lists->run<std::int64_t>(sweep);
}

Result<void> PostgresStore::health() const {
  if (parts_->gauges->in_doubt || !parts_->points->is_up() || !parts_->lists->is_up()) {
    return std::unexpected(store_unavailable("The database cannot be reached."));
  }
  return parts_->committer->health();
}

StoreStats PostgresStore::stats() const {
  const GroupCommitStats commits = parts_->committer->stats();
  StoreStats stats;
  stats.groups = commits.groups;
  stats.bodies = commits.bodies;
  stats.refused = commits.refused;
  stats.failed_groups = commits.failed_groups;
  stats.waiting = commits.waiting;
  const std::int64_t unsent = parts_->gauges->seen_seq - parts_->gauges->relayed_seq;
  stats.outbox_rows = std::max<std::int64_t>(unsent, 0);
  return stats;
}

}  // namespace baedal::store
