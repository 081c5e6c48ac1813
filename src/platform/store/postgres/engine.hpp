#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "kernel/clock.hpp"
#include "platform/store/group_committer.hpp"
#include "platform/store/postgres/connection.hpp"
#include "platform/store/postgres/dialer.hpp"
#include "platform/store/postgres/group_view.hpp"

namespace baedal::store::postgres {

/// Figures that the writer and other threads share.
struct WriterGauges {
  std::atomic<std::int64_t> seen_seq{0};     ///< highest outbox number known to be committed
  std::atomic<std::int64_t> relayed_seq{0};  ///< set by mark_relayed
  std::atomic<std::int64_t> purged_seq{0};   ///< outbox rows up to here are gone
  std::atomic<std::int64_t> lease_token{0};  ///< under which this process relays; 0: none asked for
  std::atomic<bool> in_doubt{false};         ///< the writer waits to learn what became of a COMMIT
};

/// Group commits on one PostgreSQL connection: a group is a transaction of one round trip, one more
/// when it has once-keys, and one for each read that bodies must wait for. Bodies read through a
/// TableView, which holds what the group has read (every row read is locked) and written; a body
/// that asks for an unknown row is broken off, the rows all bodies asked for are fetched in one
/// round trip, and it runs again. commit() sends all writes as a few multi-row statements and the
/// COMMIT in one pipeline.
///
/// Other processes write the same tables. Read rows are locked, so no update is lost; a unique
/// value that both insert, a deadlock or a lock waited for too long makes the group run again, the
/// second time "carefully": each body is written under a savepoint right after it ran, and only a
/// body that the database refuses fails. Lives on the writer thread, but for its making and end.
class PostgresEngine final : public CommitEngine, private Tx {
 public:
  struct Options {
    std::vector<const Table*> tables;
    const Clock* clock;
    std::int64_t writer;  ///< this engine's own number
  };

  PostgresEngine(Options options, std::unique_ptr<Connection> db, std::unique_ptr<Dialer> dialer,
                 std::shared_ptr<WriterGauges> gauges);
  /// Deletes what was relayed.
  ~PostgresEngine() override;

  Result<void> begin() override;
  std::int64_t keys_kept(std::int64_t exact_from) override;
  Result<CommitOutcome> run(const OnceKey& key, Store::Body body) override;
  void run_all(std::span<GroupBody> bodies) override;
  [[nodiscard]] bool keeps_order() const override { return false; }
  Result<void> commit() override;
  void rollback() override;
  std::vector<OutboxRow> take_committed_outbox() override { return std::move(outbox_); }
  Result<void> probe() override;

  /// Deletes relayed outbox rows in a transaction of its own that waits for no disk. Between
  /// groups.
  void purge_outbox();

 private:
  struct KeptAnswer {
    std::uint64_t fingerprint;
    std::string answer;
    bool is_new;
  };
  /// Once-keys of all processes when they were last asked for, and what this one has added since.
  struct KeysKept {
    std::int64_t count = 0;
    std::optional<std::chrono::steady_clock::time_point> asked_at{};
  };
  /// Ids of one table, drawn from its sequence and not used yet.
  struct IdPool {
    std::deque<std::int64_t> ids;
    std::int64_t wanted = 0;                           ///< to be drawn with the next round trip
    std::int64_t foreseen = 0;                         ///< ids the next group may need
    std::chrono::steady_clock::time_point drawn_at{};  ///< the last of `ids`
  };
  /// A deletion of relayed rows: up to which one, and under which lease.
  struct Purge {
    std::int64_t token = 0;
    std::int64_t up_to = 0;
  };
  /// One row alone is cheaper without arrays to be taken apart.
  struct ForRows {
    std::string one, many;
  };
  struct TableSql {
    ForRows insert, update;
    std::string erase, next_ids;
    std::vector<ForRows> lock;  ///< by column; empty where not unique
  };

  Result<std::int64_t> next_id(const Table& table) override;
  Result<std::optional<Row>> find(const Table& table, std::int64_t id) override;
  void prefetch(const Table& table, std::span<const std::int64_t> ids) override;
  Result<std::optional<Row>> find_by(const Table& table, std::size_t column,
                                     const Value& value) override;
  Result<void> insert(const Table& table, Row row) override;
  Result<void> update(const Table& table, const Row& row) override;
  Result<bool> erase(const Table& table, std::int64_t id) override;
  Result<void> append(OutboxEvent event) override;

  // Running bodies.
  Result<void> find_answers(std::span<const GroupBody> bodies);
  void drop_stale_ids();
  void foresee_ids(std::size_t bodies);
  void queue_begin();
  void learn_answers(const Answer& answer);
  bool run_one(GroupBody& body);
  void run_carefully(GroupBody& body);
  void begin_body();
  void undo_body(std::size_t outbox_size);
  void give_back_ids(std::size_t kept);
  void forget_ids();
  void keep_body(GroupBody& body, std::string answer);
  [[nodiscard]] std::optional<Result<CommitOutcome>> earlier_outcome(const OnceKey& key) const;
  Result<void> write_body();
  void fail_all(std::span<GroupBody> bodies, const Error& error);

  // Reading.
  std::size_t position_of(const Table& table) const;
  Result<void> need(std::size_t table, std::size_t column, const Value& value);
  Result<void> fetch_wanted();
  void queue_reads(const WantedValues& wanted);
  void learn_rows(const Wanted& place, const std::set<Value>& values, const Answer& answer);
  Result<const std::optional<Row>*> row_of(std::size_t table, std::int64_t id);
  Result<const std::optional<std::int64_t>*> id_of(std::size_t table, std::size_t column,
                                                   const Value& value);
  Result<void> check_unique(std::size_t table, const Row& row, const Row* before);
  std::vector<std::size_t> queue_id_draws();
  void learn_ids(std::size_t table, const Answer& answer);

  // Writing.
  [[nodiscard]] bool has_writes() const;
  void queue_rows(std::size_t table, const ForRows& sql, std::span<const Row* const> rows);
  void queue_changes();
  void queue_answers();
  void queue_counts();
  [[nodiscard]] std::int64_t new_answers() const;
  void queue_mark();
  std::optional<Purge> due_purge(std::int64_t rows_min) const;
  void queue_purge(const Purge& purge);
  void note_purged(const Purge& purge);
  void queue_outbox();
  Result<void> commit_failed(Error error);
  Result<void> end_doubt(Error error);
  std::optional<bool> ask_whether_committed();
  void number_outbox(std::int64_t last_seq);
  void forget_group();
  std::unexpected<Error> spoil(const Error& error);

  const Options options_;
  std::unique_ptr<Dialer> dialer_;
  std::unique_ptr<Connection> db_;
  std::shared_ptr<WriterGauges> gauges_;
  std::vector<TableSql> sql_;
  std::vector<IdPool> pools_;
  std::int64_t group_ = 0;  ///< number of the group being committed
  bool careful_ = false;    ///< how the next run of the group goes
  Purge purged_;            ///< the last that was committed
  KeysKept keys_kept_;

  // Of the open group.
  std::vector<TableView> tables_;
  std::unordered_map<std::string, KeptAnswer> answers_;
  std::vector<OutboxRow> outbox_;
  std::vector<std::pair<std::size_t, std::int64_t>> ids_given_;  ///< by table
  WantedValues wanted_;
  bool in_transaction_ = false;
  bool direct_ = false;        ///< reads ask the database at once
  bool missed_ = false;        ///< the running body asked for what is not known yet
  bool body_written_ = false;  ///< some body's writes are in the database's transaction already
  bool verify_ = false;        ///< the running body's inserts ask the database first
  bool guessed_ = false;       ///< the running body has inserted without asking
  std::set<const GroupBody*> verified_;  ///< whose inserts must ask
  bool clashed_ = false;  ///< the last written body met another writer's unique value
  std::optional<Error> spoiled_;
};

}  // namespace baedal::store::postgres
