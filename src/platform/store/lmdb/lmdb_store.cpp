#include "platform/store/lmdb/lmdb_store.hpp"

#include <atomic>
#include <optional>
#include <system_error>
#include <utility>

#include "kernel/assert.hpp"
#include "platform/store/errors.hpp"
#include "platform/store/lmdb/encoding.hpp"
#include "platform/store/lmdb/engine.hpp"
#include "platform/store/lmdb/environment.hpp"
#include "platform/store/lmdb/folder_lock.hpp"
#include "platform/store/lmdb/layout.hpp"
#include "platform/store/lmdb/pager.hpp"
#include "platform/store/lmdb/read_thread.hpp"
#include "platform/store/lmdb/reader.hpp"

namespace baedal::store {

using namespace lmdb;  // NOLINT(google-build-using-namespace): the parts of this one class

namespace {

/// Relayed outbox rows that may lie around until they are worth a transaction of their own.
constexpr std::int64_t kRelayedRowsKept = 1024;

/// Only the operator, who opens and wipes, gets to see paths.
std::unexpected<Error> with_path(const std::string& path, Error error) {
  error.detail = path + ": " + error.detail;
  return std::unexpected(std::move(error));
}

Result<void> make_folder(const std::string& path) {
  std::error_code code;
  std::filesystem::create_directories(path, code);
  if (code) return lmdb_error(code.value(), "make its folder");
  return {};
}

}  // namespace

/// Members in the order they need each other; they end the other way round.
struct LmdbStore::Impl {
  explicit Impl(LmdbOptions the_options)
      : options(std::move(the_options)), layout(options.tables) {}
  ~Impl();

  Result<void> open();
  Result<Page> page(const Table& table, const PageRequest& request);
  Result<Slice> page_by(const Table& table, std::size_t column, const Value& value,
                        const PageRequest& request);
  Result<std::vector<OutboxRow>> read_outbox(std::int64_t after, std::size_t limit);
  [[nodiscard]] auto list_deadline() const {
    return std::chrono::steady_clock::now() + options.list_deadline;
  }

  const LmdbOptions options;
  FolderLock lock;
  Layout layout;
  std::unique_ptr<Environment> environment;
  LmdbEngine* engine = nullptr;  // the committer's; nullptr when read-only
  std::optional<GroupCommitter> committer;
  std::optional<ReadThread> reader;
  std::atomic<std::int64_t> relayed_at_last_drop{0};
};

LmdbStore::Impl::~Impl() {
  reader.reset();
  // What was relayed last should not be relayed again at the next start.
  if (committer) committer->post([this](CommitEngine&) { engine->drop_relayed(); });
  committer.reset();
}

Result<void> LmdbStore::Impl::open() {
  if (!options.read_only) {
    if (auto made = make_folder(options.path); !made) return made;
    auto taken = FolderLock::take(options.path);
    if (!taken) return pass_on(taken);
    lock = std::move(*taken);
  }
  EnvironmentOptions environment_options{
      .folder = options.path,
      .map_size_initial = options.map_size_initial,
      .map_size_max = options.map_size_max,
      .databases_max = static_cast<unsigned>(layout.size()),
      .read_only = options.read_only,
  };
  auto prepare = [this](MDB_txn* txn) { return layout.open(txn, !options.read_only); };
  auto opened = Environment::open(std::move(environment_options), prepare);
  if (!opened) return pass_on(opened);
  environment = std::move(*opened);
  reader.emplace("lmdb-read", options.lists_waiting_max);
  if (options.read_only) return {};
  auto new_engine = std::make_unique<LmdbEngine>(*environment, layout, *options.clock);
  engine = new_engine.get();
  committer.emplace("lmdb-write", std::move(new_engine), options.limits);
  return {};
}

Result<Page> LmdbStore::Impl::page(const Table& table, const PageRequest& request) {
  auto txn = environment->read();
  if (!txn) return pass_on(txn);
  Pager pager(txn->get(), layout, layout.of(table), list_deadline());
  return pager.page(request);
}

Result<Slice> LmdbStore::Impl::page_by(const Table& table, std::size_t column, const Value& value,
                                       const PageRequest& request) {
  auto txn = environment->read();
  if (!txn) return pass_on(txn);
  Pager pager(txn->get(), layout, layout.of(table), list_deadline());
  return pager.page_by(column, value, request);
}

Result<std::vector<OutboxRow>> LmdbStore::Impl::read_outbox(std::int64_t after, std::size_t limit) {
  auto txn = environment->read();
  if (!txn) return pass_on(txn);
  const std::int64_t relayed = engine == nullptr ? 0 : engine->relayed();
  return read_outbox_rows(txn->get(), layout, std::max(after, relayed), limit);
}

Result<std::unique_ptr<LmdbStore>> LmdbStore::open(LmdbOptions options) {
  BAEDAL_ASSERT(options.clock != nullptr);
  auto impl = std::make_unique<Impl>(std::move(options));
  if (auto opened = impl->open(); !opened) {
    return with_path(impl->options.path, std::move(opened.error()));
  }
  return std::unique_ptr<LmdbStore>(new LmdbStore(std::move(impl)));
}

Result<void> LmdbStore::wipe(const std::string& path) {
  std::error_code code;
  if (!std::filesystem::exists(path, code)) return {};
  const auto lock = FolderLock::take(path);
  if (!lock) return with_path(path, lock.error());
  for (const char* file : {"data.mdb", "lock.mdb", "writer.lock"}) {
    std::filesystem::remove(std::filesystem::path(path) / file, code);
    if (code) return with_path(path, lmdb_error(code.value(), "delete its files").error());
  }
  std::filesystem::remove(path, code);  // not when other files are in it
  return {};
}

LmdbStore::LmdbStore(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
LmdbStore::~LmdbStore() = default;

Task<Result<CommitOutcome>> LmdbStore::commit_once(const OnceKey& key, Body body) {
  if (!impl_->committer) {
    co_return std::unexpected(store_unavailable("The store was opened for reading only."));
  }
  co_return co_await impl_->committer->commit_once(key, body);
}

Task<Result<std::optional<Row>>> LmdbStore::find(const Table& table, std::int64_t id) {
  auto txn = impl_->environment->read();
  if (!txn) co_return pass_on(txn);
  auto row = read_row(txn->get(), impl_->layout, impl_->layout.of(table), id);
  if (row) txn->keep();
  co_return row;
}

Task<Result<std::optional<Row>>> LmdbStore::find_by(const Table& table, std::size_t column,
                                                    const Value& value) {
  auto txn = impl_->environment->read();
  if (!txn) co_return pass_on(txn);
  auto row = read_row_by(txn->get(), impl_->layout, impl_->layout.of(table), column, value);
  if (row) txn->keep();
  co_return row;
}

Task<Result<Page>> LmdbStore::page(const Table& table, const PageRequest& request) {
  Result<Page> page;
  auto work = [&] { page = impl_->page(table, request); };
  if (is_cheap(request)) {
    work();
    co_return page;
  }
  auto on_reader = impl_->reader->run(work);
  const bool accepted = co_await on_reader;
  if (!accepted) co_return std::unexpected(store_overloaded("lists"));
  co_return page;
}

Task<Result<Slice>> LmdbStore::page_by(const Table& table, std::size_t column, const Value& value,
                                       const PageRequest& request) {
  Result<Slice> slice;
  auto work = [&] { slice = impl_->page_by(table, column, value, request); };
  // An order of its own means gathering all rows of the value.
  if (is_cheap(request) && complete_order(request.sort).size() == 1) {
    work();
    co_return slice;
  }
  auto on_reader = impl_->reader->run(work);
  const bool accepted = co_await on_reader;
  if (!accepted) co_return std::unexpected(store_overloaded("lists"));
  co_return slice;
}

const std::string& LmdbStore::uid() const { return impl_->layout.uid(); }

Task<Result<std::vector<OutboxRow>>> LmdbStore::read_outbox(std::int64_t after, std::size_t limit) {
  Result<std::vector<OutboxRow>> rows;
  auto work = [&] { rows = impl_->read_outbox(after, limit); };
  auto on_reader = impl_->reader->run(work);
  const bool accepted = co_await on_reader;
  if (!accepted) co_return std::unexpected(store_overloaded("lists"));
  co_return rows;
}

void LmdbStore::mark_relayed(std::int64_t seq) {
  if (!impl_->committer) return;
  impl_->engine->note_relayed(seq);
  std::int64_t last = impl_->relayed_at_last_drop.load();
  if (seq - last < kRelayedRowsKept) return;
  if (!impl_->relayed_at_last_drop.compare_exchange_strong(last, seq)) return;
  impl_->committer->post([engine = impl_->engine](CommitEngine&) { engine->drop_relayed(); });
}

void LmdbStore::on_outbox(OutboxListener listener) {
  if (impl_->committer) impl_->committer->on_outbox(std::move(listener));
}

Task<Result<std::int64_t>> LmdbStore::sweep_keys(Timestamp before, std::int64_t limit) {
  if (!impl_->committer) {
    co_return std::unexpected(store_unavailable("The store was opened for reading only."));
  }
  // A body like any other: it shares its transaction and its sync with the callers' bodies.
  std::int64_t swept = 0;
  auto body = [&](Tx&) -> Result<std::string> {
    auto done = impl_->engine->sweep_keys(before, limit);
    if (!done) return pass_on(done);
    swept = *done;
    return std::string();
  };
  const OnceKey none;
  const auto outcome = co_await impl_->committer->commit_once(none, body);
  if (!outcome) co_return std::unexpected(outcome.error());
  co_return swept;
}

Result<void> LmdbStore::health() const {
  if (!impl_->committer) return std::unexpected(store_unavailable("The store is read-only."));
  return impl_->committer->health();
}

StoreStats LmdbStore::stats() const {
  StoreStats stats;
  if (!impl_->committer) return stats;
  const GroupCommitStats commits = impl_->committer->stats();
  stats.groups = commits.groups;
  stats.bodies = commits.bodies;
  stats.refused = commits.refused;
  stats.failed_groups = commits.failed_groups;
  stats.waiting = commits.waiting;
  if (auto txn = impl_->environment->read()) {
    stats.outbox_rows = count_outbox(txn->get(), impl_->layout, impl_->engine->relayed());
  }
  return stats;
}

}  // namespace baedal::store
