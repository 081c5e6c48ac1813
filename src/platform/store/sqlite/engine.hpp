#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "kernel/clock.hpp"
#include "platform/store/group_committer.hpp"
#include "platform/store/sqlite/database.hpp"
#include "platform/store/sqlite/incoming_rows.hpp"

namespace baedal::store::sqlite {

/// Figures of the writer that other threads read.
struct WriterGauges {
  std::atomic<std::int64_t> wal_pages{0};    ///< after the last commit
  std::atomic<std::int64_t> outbox_rows{0};  ///< committed, relayed or not
  std::atomic<std::int64_t> relayed_seq{0};  ///< set by mark_relayed
  std::atomic<std::int64_t> purged_seq{0};   ///< outbox rows up to here are gone
};

/// One table as the writer sees it: its statements, its sequence and its count of rows.
struct WriterTable {
  const Table* table = nullptr;
  Statement insert, insert_rows, erase;
  std::vector<Statement> find_by;                       ///< by column; empty where not unique
  std::unordered_map<std::uint64_t, Statement> update;  ///< by changed columns
  std::int64_t last_id = 0;
  std::int64_t last_id_before_group = 0;
  std::int64_t highest_id = 0;  ///< no row has a higher one
  std::int64_t row_count = 0;
  std::int64_t row_count_before_body = 0;
  std::vector<Row> waiting;  ///< new rows, with the highest ids, inserted together
  std::size_t waiting_before_body = 0;
  bool touched_by_body = false;
  bool dirty = false;  ///< table_stats must be written with this group
};

/// The writer of one database file: groups as transactions. Once-keys, outbox rows and, while no
/// one looks for them, new rows of a group wait in memory until its commit: they are written
/// together, and a body that fails has nothing of them to undo. A body that
/// fails after it wrote is rare, and a savepoint for each costs a quarter of an order's writing: a
/// group is run without them first, and from its beginning with them when one of its bodies has
/// something to undo. Lives on the writer thread, except for its making and its end.
class SqliteEngine final : public CommitEngine, private Tx {
 public:
  struct Options {
    std::vector<const Table*> tables;
    const Clock* clock;
    /// Called on the writer thread each time the log has grown by so many pages.
    std::int64_t wal_pages_hint;
    std::function<void()> on_long_wal;
    std::size_t cache_bytes_max;
  };

  /// `db` is open and migrated. Prepares everything.
  static Result<std::unique_ptr<SqliteEngine>> make(Connection db, Options options,
                                                    std::shared_ptr<WriterGauges> gauges);
  /// Deletes what was relayed and moves the log into the database.
  ~SqliteEngine() override;

  Result<void> begin() override;
  Result<CommitOutcome> run(const OnceKey& key, Store::Body body) override;
  void run_all(std::span<GroupBody> bodies) override;
  Result<void> commit() override;
  void rollback() override;
  std::vector<OutboxRow> take_committed_outbox() override { return std::move(outbox_); }
  Result<void> probe() override;

  /// Deletes the relayed outbox rows in transactions of its own. Between groups.
  void purge_outbox();
  /// Moves the log into the database as far as readers allow. Between groups: nothing is added
  /// meanwhile, so the log starts again from its beginning.
  void checkpoint();
  /// Within a body: drops up to `limit` once-keys older than `before`.
  Result<std::string> sweep_keys(Timestamp before, std::int64_t limit);
  std::int64_t keys_kept(std::int64_t exact_from) override;
  /// Plain SQL on the writer's connection, between groups: for tests that make the disk small.
  Result<void> exec(const std::string& sql);

 private:
  struct KeptAnswer {
    std::uint64_t fingerprint;
    std::string answer;
  };
  /// The last row that the running body has read, while it is as it was.
  struct LastRead {
    const Table* table = nullptr;
    Row row{};
  };

  SqliteEngine(Connection db, Options options, std::shared_ptr<WriterGauges> gauges);
  Result<void> prepare();
  Result<void> prepare_table(WriterTable& table);
  Result<void> follow_other_processes();
  Result<void> load_stats();
  static int on_wal_grown(void* self, sqlite3*, const char*, int pages);

  Result<std::int64_t> next_id(const Table& table) override;
  Result<std::optional<Row>> find(const Table& table, std::int64_t id) override;
  Result<std::optional<Row>> find_by(const Table& table, std::size_t column,
                                     const Value& value) override;
  Result<void> insert(const Table& table, Row row) override;
  Result<void> update(const Table& table, const Row& row) override;
  Result<bool> erase(const Table& table, std::int64_t id) override;
  Result<void> append(OutboxEvent event) override;

  Result<std::optional<Row>> row_before(const Table& table, std::int64_t id);
  WriterTable& writer_table(const Table& table);
  static void touch(WriterTable& table);
  static void added(WriterTable& table, std::int64_t id);
  Result<void> begin_write(WriterTable& table);
  Result<void> write_waiting(WriterTable& table);
  Result<void> write_waiting_before(WriterTable& table, std::size_t column, const Value& value);
  void keep_body(const OnceKey& key, const std::string& answer);
  void drop_body(std::size_t outbox_size_before, std::int64_t seq_before);
  Result<std::optional<KeptAnswer>> kept_answer(const std::string& key);
  int write_rows(WriterTable& table);
  int write_all_rows();
  int write_answers();
  int write_outbox();
  int write_stats();
  int delete_relayed();
  [[nodiscard]] std::int64_t relayed_rows() const;
  /// The error of the code just met, kept when it spoils the transaction.
  std::unexpected<Error> failed(int code);

  /// Fewer relayed rows than this wait for the idle purge: whole pages are cheaper than single
  /// rows.
  static constexpr std::int64_t kPurgeRowsMin = 256;

  IncomingRows incoming_;
  Connection db_;
  Options options_;
  std::shared_ptr<WriterGauges> gauges_;
  Statement begin_, commit_, rollback_, savepoint_, release_, rollback_to_, data_version_;
  Statement find_key_, insert_key_, count_keys_, sweep_keys_, insert_outbox_, purge_outbox_,
      write_stats_, probe_;
  std::vector<WriterTable> tables_;
  WriterTable outbox_stats_;  // its sequence and count; no statements

  // Of the open transaction.
  bool with_savepoints_ = false;  // each body that writes has one
  LastRead last_read_;
  bool body_wrote_ = false;  // in its savepoint, when it has one
  bool must_undo_ = false;   // a body wrote without savepoint, and failed
  std::optional<Error> spoiled_;
  std::map<std::string, KeptAnswer, std::less<>>
      answers_;  // sorted: neighbours are written together
  std::vector<OutboxRow> outbox_;
  std::int64_t purging_up_to_ = 0;  // 0: nothing
  std::int64_t purge_rows_min_ = kPurgeRowsMin;
  std::int64_t seen_data_version_ = -1;
  bool stats_are_stale_ = true;
  std::int64_t long_wal_at_ = 0;  // pages of the log at which it is reported next
};

}  // namespace baedal::store::sqlite
