#include "platform/store/sqlite/engine.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "platform/store/errors.hpp"
#include "platform/store/sqlite/table_sql.hpp"

namespace baedal::store::sqlite {
namespace {

/// Outbox rows deleted with one group, so that deleting never delays a commit by much.
constexpr std::int64_t kPurgeRowsMax = 1024;

}  // namespace

Result<std::unique_ptr<SqliteEngine>> SqliteEngine::make(Connection db, Options options,
                                                         std::shared_ptr<WriterGauges> gauges) {
  std::unique_ptr<SqliteEngine> engine(
      new SqliteEngine(std::move(db), std::move(options), std::move(gauges)));
  Result<void> prepared = engine->prepare();
  if (!prepared) return pass_on(prepared);
  return engine;
}

SqliteEngine::SqliteEngine(Connection db, Options options, std::shared_ptr<WriterGauges> gauges)
    : db_(std::move(db)), options_(std::move(options)), gauges_(std::move(gauges)) {}

SqliteEngine::~SqliteEngine() {
  purge_outbox();
  sqlite3_wal_checkpoint_v2(db_.handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
}

Result<void> SqliteEngine::begin() {
  if (const int code = begin_.run(); code != SQLITE_OK) return failed(code);
  spoiled_.reset();
  // Another process may have written: then the sequences held here are behind.
  Result<void> synced = follow_other_processes();
  if (!synced) rollback();
  return synced;
}

Result<void> SqliteEngine::follow_other_processes() {
  const ResetAtEnd reset(data_version_);
  if (const int code = data_version_.step(); code != SQLITE_ROW) return failed(code);
  const std::int64_t version = data_version_.integer(0);
  if (version == seen_data_version_ && !stats_are_stale_) return {};
  if (Result<void> loaded = load_stats(); !loaded) return loaded;
  seen_data_version_ = version;
  stats_are_stale_ = false;
  return {};
}

Result<CommitOutcome> SqliteEngine::run(const OnceKey& key, Store::Body body) {
  if (spoiled_) return std::unexpected(*spoiled_);
  if (!key.empty()) {
    Result<std::optional<KeptAnswer>> kept = kept_answer(key.key);
    if (!kept) return pass_on(kept);
    if (*kept && (*kept)->fingerprint != key.fingerprint)
      return std::unexpected(fingerprint_mismatch());
    if (*kept) return CommitOutcome{std::move((*kept)->answer), true};
  }
  const std::size_t outbox_size = outbox_.size();
  const std::int64_t last_seq = outbox_stats_.last_id;
  last_read_ = {};
  Result<std::string> answer = body(*this);
  if (spoiled_) return std::unexpected(*spoiled_);
  if (!answer) {
    drop_body(outbox_size, last_seq);
    return pass_on(answer);
  }
  keep_body(key, *answer);
  return CommitOutcome{std::move(*answer), false};
}

void SqliteEngine::run_all(std::span<GroupBody> bodies) {
  with_savepoints_ = false;
  for (WriterTable& table : tables_) table.last_id_before_group = table.last_id;
  for (GroupBody& each : bodies) {
    *each.outcome = run(*each.key, each.body);
    if (must_undo_) break;
  }
  if (!must_undo_) return;
  rollback();
  for (WriterTable& table : tables_) table.last_id = table.last_id_before_group;
  if (Result<void> begun = begin(); !begun) spoiled_ = begun.error();
  with_savepoints_ = true;
  CommitEngine::run_all(bodies);
}

void SqliteEngine::keep_body(const OnceKey& key, const std::string& answer) {
  if (std::exchange(body_wrote_, false) && with_savepoints_) {
    if (const int code = release_.run(); code != SQLITE_OK) std::ignore = failed(code);
  }
  for (WriterTable& table : tables_) {
    table.dirty = table.dirty || table.touched_by_body;
    table.touched_by_body = false;
  }
  if (!key.empty()) answers_.emplace(key.key, KeptAnswer{key.fingerprint, answer});
}

void SqliteEngine::drop_body(std::size_t outbox_size_before, std::int64_t seq_before) {
  const bool wrote = std::exchange(body_wrote_, false);
  must_undo_ = wrote && !with_savepoints_;
  if (wrote && with_savepoints_) {
    for (Statement* statement : {&rollback_to_, &release_}) {
      if (const int code = statement->run(); code != SQLITE_OK) std::ignore = failed(code);
    }
  }
  for (WriterTable& table : tables_) {
    if (!std::exchange(table.touched_by_body, false)) continue;
    table.row_count = table.row_count_before_body;
    table.waiting.resize(table.waiting_before_body);
  }
  outbox_.resize(outbox_size_before);
  outbox_stats_.last_id = seq_before;
}

Result<void> SqliteEngine::commit() {
  if (spoiled_) {
    const Error error = *spoiled_;
    rollback();
    return std::unexpected(error);
  }
  for (const auto step :
       {&SqliteEngine::write_all_rows, &SqliteEngine::write_answers, &SqliteEngine::write_outbox,
        &SqliteEngine::delete_relayed, &SqliteEngine::write_stats}) {
    if (const int code = (this->*step)(); code != SQLITE_OK) {
      const Error error = failed(code).error();
      rollback();
      return std::unexpected(error);
    }
  }
  if (const int code = commit_.run(); code != SQLITE_OK) {
    const Error error = failed(code).error();
    rollback();
    return std::unexpected(error);
  }
  answers_.clear();
  gauges_->outbox_rows = outbox_stats_.row_count;
  if (purging_up_to_ > 0) gauges_->purged_seq = std::exchange(purging_up_to_, 0);
  return {};
}

void SqliteEngine::rollback() {
  // SQLite rolls back by itself on a full disk and some I/O errors.
  if (db_.in_transaction()) rollback_.run();
  body_wrote_ = must_undo_ = false;
  for (WriterTable& table : tables_) {
    table.touched_by_body = table.dirty = false;
    table.waiting.clear();
  }
  outbox_stats_.dirty = false;
  spoiled_.reset();
  answers_.clear();
  outbox_.clear();
  purging_up_to_ = 0;
  stats_are_stale_ = true;
}

Result<void> SqliteEngine::probe() {
  const std::string now = options_.clock->now().iso8601();
  if (const int code = probe_.bind(1, std::string_view(now)).run(); code != SQLITE_OK) {
    return failed(code);
  }
  return {};
}

Result<std::optional<SqliteEngine::KeptAnswer>> SqliteEngine::kept_answer(const std::string& key) {
  if (const auto kept = answers_.find(key); kept != answers_.end()) return kept->second;
  const ResetAtEnd reset(find_key_);
  const int code = find_key_.bind(1, std::string_view(key)).step();
  if (code == SQLITE_DONE) return std::nullopt;
  if (code != SQLITE_ROW) return failed(code);
  return KeptAnswer{std::bit_cast<std::uint64_t>(find_key_.integer(0)), find_key_.blob(1)};
}

int SqliteEngine::write_rows(WriterTable& table) {
  if (table.waiting.empty()) return SQLITE_OK;
  const auto cell = [&](std::size_t row, std::size_t column) {
    return view_of(table.waiting[row][column]);
  };
  const int code = incoming_.insert(table.insert_rows, table.waiting.size(), cell);
  table.waiting.clear();
  return code;
}

int SqliteEngine::write_all_rows() {
  for (WriterTable& table : tables_) {
    if (const int code = write_rows(table); code != SQLITE_OK) return code;
  }
  return SQLITE_OK;
}

int SqliteEngine::write_answers() {
  const std::int64_t now = answers_.empty() ? 0 : options_.clock->now().micros;
  for (const auto& [key, kept] : answers_) {
    insert_key_.bind(1, std::string_view(key))
        .bind(2, std::bit_cast<std::int64_t>(kept.fingerprint));
    insert_key_.bind_blob(3, kept.answer).bind(4, now);
    if (const int code = insert_key_.run(); code != SQLITE_OK) return code;
  }
  return SQLITE_OK;
}

int SqliteEngine::write_outbox() {
  if (outbox_.empty()) return SQLITE_OK;
  const auto cell = [this](std::size_t row, std::size_t column) -> IncomingRows::Cell {
    const OutboxEvent& event = outbox_[row].event;
    switch (column) {
      case 0:
        return outbox_[row].seq;
      case 1:
        return std::string_view{event.type};
      case 2:
        return std::string_view{event.key};
      case 3:
        return event.time.micros;
      case 4:
        return std::string_view{event.data};
      default:
        return std::string_view{event.traceparent};
    }
  };
  const int code = incoming_.insert(insert_outbox_, outbox_.size(), cell);
  if (code != SQLITE_OK) return code;
  outbox_stats_.row_count += std::ssize(outbox_);
  outbox_stats_.dirty = true;
  return SQLITE_OK;
}

int SqliteEngine::delete_relayed() {
  const std::int64_t due = relayed_rows();
  if (due < purge_rows_min_) return SQLITE_OK;
  const std::int64_t up_to = gauges_->purged_seq + std::min(due, kPurgeRowsMax);
  if (const int code = purge_outbox_.bind(1, up_to).run(); code != SQLITE_OK) return code;
  outbox_stats_.row_count -= sqlite3_changes64(db_.handle());
  outbox_stats_.dirty = true;
  purging_up_to_ = up_to;
  return SQLITE_OK;
}

std::int64_t SqliteEngine::relayed_rows() const {
  return std::min(gauges_->relayed_seq.load(), outbox_stats_.last_id) - gauges_->purged_seq;
}

void SqliteEngine::purge_outbox() {
  purge_rows_min_ = 1;
  while (relayed_rows() > 0 && begin() && commit()) {
  }
  purge_rows_min_ = kPurgeRowsMin;
}

int SqliteEngine::write_stats() {
  const auto write = [this](WriterTable& table, std::string_view name) {
    if (!std::exchange(table.dirty, false)) return SQLITE_OK;
    return write_stats_.bind(1, name).bind(2, table.last_id).bind(3, table.row_count).run();
  };
  for (WriterTable& table : tables_) {
    if (const int code = write(table, table.table->name); code != SQLITE_OK) return code;
  }
  return write(outbox_stats_, "outbox");
}

std::unexpected<Error> SqliteEngine::failed(int code) {
  Error error = error_of(code, db_.system_errno(), sqlite3_errmsg(db_.handle()));
  if (is_storage_fault(code)) spoiled_ = error;
  return std::unexpected(std::move(error));
}

}  // namespace baedal::store::sqlite
