#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "kernel/async/task.hpp"
#include "kernel/error.hpp"
#include "kernel/function_ref.hpp"
#include "kernel/once.hpp"
#include "kernel/timestamp.hpp"
#include "platform/store/table.hpp"

namespace baedal::store {

/// An event on its way out: written with the state it belongs to, carried later by the relay.
struct OutboxEvent {
  std::string type;  ///< "Ordered"
  std::string key;   ///< partition key: events of one key keep their order
  Timestamp time;
  std::string data;           ///< the JSON value as it goes on the wire
  std::string traceparent{};  ///< W3C trace context; may be empty
};

/// An outbox row as the relay reads it. `seq` grows in commit order, without reuse.
struct OutboxRow {
  std::int64_t seq = 0;
  OutboxEvent event;
};

/// Hears of the rows of one durable commit, in order; they are the listener's.
using OutboxListener = std::function<void(std::vector<OutboxRow>)>;

/// What a body sees of the store, inside one transaction: plain synchronous calls. Reads see the
/// body's own writes. Used only during the body's call, on the thread that calls it. A failed call
/// is an operating error: the body passes it on, and everything of that body is rolled back.
class Tx {
 public:
  virtual ~Tx() = default;
  /// The next id of that table. Ids of rolled-back bodies may be skipped, never used twice.
  virtual Result<std::int64_t> next_id(const Table& table) = 0;
  virtual Result<std::optional<Row>> find(const Table& table, std::int64_t id) = 0;
  /// The body will find these: a product whose reads cost a round trip makes one of all of them.
  virtual void prefetch([[maybe_unused]] const Table& table,
                        [[maybe_unused]] std::span<const std::int64_t> ids) {}
  /// The row whose uniquely indexed `column` equals `value`.
  virtual Result<std::optional<Row>> find_by(const Table& table, std::size_t column,
                                             const Value& value) = 0;
  /// A row with a new id. An id or unique value that exists already is kConflict.
  virtual Result<void> insert(const Table& table, Row row) = 0;
  /// Replaces the row with that id; kNotFound when there is none.
  virtual Result<void> update(const Table& table, const Row& row) = 0;
  /// Whether there was one.
  virtual Result<bool> erase(const Table& table, std::int64_t id) = 0;
  /// Adds a row to the outbox.
  virtual Result<void> append(OutboxEvent event) = 0;
};

/// What commit_once gives: the answer of this run, or (replayed) of the first run with that key.
struct CommitOutcome {
  std::string answer;
  bool replayed = false;
};

/// The right to carry a store's outbox to the bus, which one process has at a time.
struct RelayLease {
  std::int64_t token = 1;   ///< grows with each change of hands
  bool has_an_end = false;  ///< false: held until given back, and never lost
};

/// Counts of one store since it was opened, for metrics; each is 0 where it means nothing.
struct StoreStats {
  std::uint64_t groups = 0, bodies = 0;  ///< durable commits, and commit_once calls they carried
  std::uint64_t refused = 0;             ///< shed because the queue was full
  std::uint64_t failed_groups = 0;
  std::size_t waiting = 0;       ///< writes in the queue now
  std::int64_t outbox_rows = 0;  ///< committed and not yet relayed
  std::int64_t log_bytes = 0;    ///< write-ahead log waiting to be moved into the database
};

/// One service's store. Adapters: MemoryStore, SqliteStore,
/// LmdbStore, PostgresStore; conformance suite in
/// platform/store/conformance. All methods may be called from any executor; each resumes on the
/// caller's executor. What is passed by reference lives until the task is done.
class Store {
 public:
  /// Decides and writes; gives the bytes to be kept as the answer of the key. Runs on the store's
  /// writer, possibly more than once (after a retried transaction), so it touches nothing but Tx
  /// and its own result. An error rolls this body back, and only this body: others of the same
  /// group commit stand.
  using Body = FunctionRef<Result<std::string>(Tx&)>;

  virtual ~Store() = default;

  /// Runs `body` once per key inside one transaction; resumes when the commit is durable.
  /// A key seen before gives back the first answer without running the body; the same key with
  /// another fingerprint is kIdempotencyMismatch. A body that failed leaves no trace of its key.
  /// A full queue is kOverloaded at once; a store that cannot write is kUnavailable.
  virtual Task<Result<CommitOutcome>> commit_once(const OnceKey& key, Body body) = 0;

  /// Committed state only. Point reads of embedded products answer at once, on the caller's thread.
  virtual Task<Result<std::optional<Row>>> find(const Table& table, std::int64_t id) = 0;
  virtual Task<Result<std::optional<Row>>> find_by(const Table& table, std::size_t column,
                                                   const Value& value) = 0;
  /// Lists run beside the caller's thread and are ended by a deadline (kUnavailable).
  virtual Task<Result<Page>> page(const Table& table, const PageRequest& request) = 0;
  /// Rows whose indexed `column` equals `value`.
  virtual Task<Result<Slice>> page_by(const Table& table, std::size_t column, const Value& value,
                                      const PageRequest& request) = 0;

  // The outbox, for the relay and the operator.

  /// A name for this store's lifetime, drawn when it was created: event ids are "<uid>-<seq>", so
  /// that a store created anew never repeats the ids of the one before.
  [[nodiscard]] virtual const std::string& uid() const = 0;
  /// Unsent rows with seq > `after`, in order, at most `limit`.
  virtual Task<Result<std::vector<OutboxRow>>> read_outbox(std::int64_t after,
                                                           std::size_t limit) = 0;
  /// The bus has everything up to `seq`: those rows may go. Lazy: lost in a crash, it is only
  /// repeated, and consumers dedupe.
  virtual void mark_relayed(std::int64_t seq) = 0;
  /// `listener` is called after each durable commit that appended events, from the store's own
  /// thread, with the rows in order. One listener; set before the first commit; must not block.
  virtual void on_outbox(OutboxListener listener) = 0;

  /// Whether other processes commit to the same data. Then the listener hears of this process's
  /// commits only, and who reads the outbox looks into the table now and then; its numbers have no
  /// gaps there, so that a missing one says that the table has more.
  [[nodiscard]] virtual bool is_shared() const { return false; }
  /// Takes the right to relay for `ttl` from the moment of asking, or prolongs it. Nothing: another
  /// process has it. A store of one process always grants it.
  virtual Task<Result<std::optional<RelayLease>>> take_relay_lease(std::chrono::milliseconds ttl);
  /// Lets another process have it at once.
  virtual Task<void> give_back_relay_lease();

  /// Drops once-keys older than `before`, a bounded number at a time; gives how many went.
  virtual Task<Result<std::int64_t>> sweep_keys(Timestamp before, std::int64_t limit) = 0;

  /// Ok when a write would work: the health indicator. Cheap; any thread.
  [[nodiscard]] virtual Result<void> health() const = 0;
  /// Cheap; any thread.
  [[nodiscard]] virtual StoreStats stats() const { return {}; }
};

}  // namespace baedal::store
