// What a group writes, and what becomes of a COMMIT that is not answered.

#include <algorithm>
#include <bit>
#include <string_view>
#include <utility>

#include "platform/store/errors.hpp"
#include "platform/store/postgres/engine.hpp"

namespace baedal::store::postgres {
namespace {

/// Relayed rows that are worth a statement of a group.
constexpr std::int64_t kPurgeRowsMin = 64;
/// Row counts of a table are kept in so many parts.
constexpr std::int64_t kCountParts = 16;
/// How long the callers of a group wait for the truth about a COMMIT that was not answered.
constexpr std::chrono::milliseconds kDoubtMax{3'000};

const std::string kBegin = "BEGIN";
const std::string kCommit = "COMMIT";
const std::string kWithoutSync = "SET LOCAL synchronous_commit = off";
const std::string kKeepAnswers =
    "INSERT INTO once_keys (key, fingerprint, answer, created_at) SELECT k, f, a, $4::int8"
    " FROM unnest($1::text[], $2::int8[], $3::bytea[]) AS r (k, f, a)";
const std::string kAddCounts =
    "INSERT INTO row_counts (table_name, part, row_count) SELECT n, $3::int8, d"
    " FROM unnest($1::text[], $2::int8[]) AS r (n, d)"
    " ON CONFLICT (table_name, part) DO UPDATE SET row_count = row_counts.row_count +"
    " excluded.row_count";
/// Refused (by a division by zero) when a later number is there: see kAskMark.
const std::string kMark =
    "INSERT INTO writers (writer, last_group, seen_at) VALUES ($1::int8, $2::int8, now())"
    " ON CONFLICT (writer) DO UPDATE SET seen_at = now(), last_group ="
    " CASE WHEN writers.last_group < excluded.last_group THEN excluded.last_group"
    " ELSE 1 / (writers.last_group - writers.last_group) END";
/// Waits for a transaction of that writer which the server has not ended yet, and shuts out one
/// that it has not begun to commit. Asked again, since its own answer was lost, it says the same.
const std::string kAskMark =
    "UPDATE writers SET last_group = $2::int8, asked_at_group ="
    " CASE WHEN last_group < $2::int8 THEN last_group ELSE asked_at_group END"
    " WHERE writer = $1::int8 RETURNING asked_at_group";
/// The lower bound keeps the scan of the index out of the entries of rows deleted before, which
/// stay there until a vacuum: without it each deletion walks over all of them.
const std::string kPurge =
    "DELETE FROM outbox WHERE seq > $1::int8 AND seq <= $2::int8 AND ($3::int8 = 0 OR $3::int8 ="
    " (SELECT token FROM relay_lease WHERE name = 'relay'))";
/// The row of outbox_head is locked from here to the end of the transaction: the next writer's
/// numbers are given after this one's rows can be seen.
const std::string kAppend =
    "WITH head AS (UPDATE outbox_head SET last_seq = last_seq + $1::int8 WHERE id = 1"
    " RETURNING last_seq), added AS (INSERT INTO outbox (seq, type, key, time, data, traceparent)"
    " SELECT head.last_seq - $1::int8 + r.n, r.type, r.key, r.time, r.data, r.traceparent"
    " FROM head, unnest($2::text[], $3::text[], $4::int8[], $5::text[], $6::text[])"
    " WITH ORDINALITY AS r (type, key, time, data, traceparent, n))"
    " SELECT last_seq FROM head";
const std::string kAppendOne =
    "WITH head AS (UPDATE outbox_head SET last_seq = last_seq + 1 WHERE id = 1 RETURNING last_seq)"
    " INSERT INTO outbox (seq, type, key, time, data, traceparent)"
    " SELECT last_seq, $1::text, $2::text, $3::int8, $4::text, $5::text FROM head RETURNING seq";

}  // namespace

bool PostgresEngine::has_writes() const {
  if (!outbox_.empty() || body_written_ || new_answers() > 0) return true;
  return std::ranges::any_of(tables_,
                             [](const TableView& table) { return !table.changes().empty(); });
}

std::int64_t PostgresEngine::new_answers() const {
  return std::ranges::count_if(answers_, [](const auto& kept) { return kept.second.is_new; });
}

Result<void> PostgresEngine::commit() {
  if (spoiled_) {
    const Error error = *spoiled_;
    give_back_ids(0);
    rollback();
    return std::unexpected(error);
  }
  if (!has_writes()) {
    rollback();
    careful_ = false;
    return {};
  }
  queue_begin();
  queue_changes();
  queue_answers();
  queue_counts();
  queue_mark();
  const std::optional<Purge> purge = due_purge(kPurgeRowsMin);
  if (purge) queue_purge(*purge);
  const auto drawn = queue_id_draws();
  if (!outbox_.empty()) queue_outbox();
  db_->queue(kCommit);
  auto answers = db_->sync();
  if (!answers) return commit_failed(std::move(answers.error()));
  in_transaction_ = careful_ = false;
  keys_kept_.count += new_answers();
  auto answer = answers->end() - 1 - std::ssize(drawn) - (outbox_.empty() ? 0 : 1);
  for (const std::size_t table : drawn) learn_ids(table, *answer++);
  if (!outbox_.empty()) number_outbox(answer->integer(0, 0));
  if (purge) note_purged(*purge);
  return {};
}

void PostgresEngine::number_outbox(std::int64_t last_seq) {
  std::int64_t seq = last_seq - std::ssize(outbox_);
  for (OutboxRow& row : outbox_) row.seq = ++seq;
  gauges_->seen_seq = std::max(last_seq, gauges_->seen_seq.load());
}

Result<void> PostgresEngine::commit_failed(Error error) {
  const Failure failure = db_->failure();
  if (failure == Failure::kLost) return end_doubt(std::move(error));
  give_back_ids(0);
  rollback();
  const bool is_ours = failure == Failure::kDuplicate || failure == Failure::kRejected;
  // A duplicate in a careful run is a once-key that another writer has just used.
  if (is_ours && (!careful_ || failure == Failure::kDuplicate)) error.code = kStoreBusy;
  careful_ = is_ours;
  return std::unexpected(std::move(error));
}

/// The connection went with the COMMIT on its way.
Result<void> PostgresEngine::end_doubt(Error error) {
  gauges_->in_doubt = true;
  const std::optional<bool> committed = ask_whether_committed();
  gauges_->in_doubt = false;
  forget_ids();
  if (committed.value_or(false)) {
    // The rows are in the outbox; their numbers were in the answer that is lost.
    outbox_.clear();
    return {};
  }
  forget_group();
  if (committed) error.code = kStoreBusy;
  if (!committed) error.detail = "The database went away; whether the work was done is not known.";
  return std::unexpected(std::move(error));
}

/// Nothing: the database did not come back in time.
std::optional<bool> PostgresEngine::ask_whether_committed() {
  const auto deadline = std::chrono::steady_clock::now() + kDoubtMax;
  const std::int64_t in_doubt = group_++;
  Params params;
  params.add(options_.writer).add(group_);
  while (std::chrono::steady_clock::now() < deadline) {
    db_ = dialer_->take_until(deadline);
    if (!db_) break;
    const auto answer = db_->run(kAskMark, params);
    if (answer) return answer->rows() == 1 && answer->integer(0, 0) == in_doubt;
  }
  db_.reset();
  return std::nullopt;
}

Result<void> PostgresEngine::probe() {
  // The writer's mark is all that commit() then writes.
  body_written_ = true;
  return {};
}

std::optional<PostgresEngine::Purge> PostgresEngine::due_purge(std::int64_t rows_min) const {
  const Purge purge{gauges_->lease_token, gauges_->relayed_seq};
  if (purge.up_to - gauges_->purged_seq < rows_min) return std::nullopt;
  return purge;
}

void PostgresEngine::queue_purge(const Purge& purge) {
  // Under another token this process may have deleted nothing.
  const std::int64_t gone = purge.token == purged_.token ? purged_.up_to : 0;
  Params params;
  params.add(gone).add(purge.up_to).add(purge.token);
  db_->queue(kPurge, params);
}

void PostgresEngine::note_purged(const Purge& purge) {
  purged_ = purge;
  gauges_->purged_seq = purge.up_to;
}

void PostgresEngine::purge_outbox() {
  const std::optional<Purge> purge = due_purge(1);
  if (!purge || !db_ || db_->is_lost()) return;
  db_->queue(kBegin);
  db_->queue(kWithoutSync);
  queue_purge(*purge);
  db_->queue(kCommit);
  if (db_->sync()) {
    note_purged(*purge);
  } else if (!db_->is_lost()) {
    std::ignore = db_->run("ROLLBACK");
  }
}

void PostgresEngine::queue_rows(std::size_t table, const ForRows& sql,
                                std::span<const Row* const> rows) {
  if (rows.empty()) return;
  Params params;
  if (rows.size() == 1) {
    for (const Value& cell : *rows.front()) params.add(cell);
    return db_->queue(sql.one, params);
  }
  const Table& of = tables_[table].table();
  for (std::size_t i = 0; i < of.columns.size(); ++i)
    params.add_column(rows, i, of.columns[i].type);
  db_->queue(sql.many, params);
}

void PostgresEngine::queue_changes() {
  for (std::size_t i = 0; i < tables_.size(); ++i) {
    const TableView::Changes changes = tables_[i].changes();
    // In this order a unique value that one row gives up is free for another.
    if (!changes.erased.empty()) {
      Params ids;
      ids.add_array(changes.erased);
      db_->queue(sql_[i].erase, ids);
    }
    queue_rows(i, sql_[i].update, changes.updated);
    queue_rows(i, sql_[i].insert, changes.inserted);
  }
}

void PostgresEngine::queue_answers() {
  std::vector<std::pair<std::string_view, const KeptAnswer*>> fresh;
  for (const auto& [key, kept] : answers_) {
    if (kept.is_new) fresh.emplace_back(key, &kept);
  }
  if (fresh.empty()) return;
  std::ranges::sort(fresh);
  std::vector<std::string_view> keys, texts;
  std::vector<std::int64_t> fingerprints;
  for (const auto& [key, kept] : fresh) {
    keys.push_back(key);
    fingerprints.push_back(std::bit_cast<std::int64_t>(kept->fingerprint));
    texts.push_back(kept->answer);
  }
  Params params;
  params.add_array(keys).add_array(fingerprints).add_bytes_array(texts);
  params.add(options_.clock->now().micros);
  db_->queue(kKeepAnswers, params);
}

void PostgresEngine::queue_counts() {
  std::vector<std::string_view> names;
  std::vector<std::int64_t> deltas;
  for (const TableView& table : tables_) {
    const std::int64_t delta = table.rows_delta();
    if (delta == 0) continue;
    names.push_back(table.table().name);
    deltas.push_back(delta);
  }
  if (const std::int64_t keys = new_answers(); keys > 0) {
    names.push_back("once_keys");
    deltas.push_back(keys);
  }
  if (names.empty()) return;
  Params params;
  params.add_array(names).add_array(deltas).add(options_.writer % kCountParts);
  db_->queue(kAddCounts, params);
}

void PostgresEngine::queue_mark() {
  Params params;
  params.add(options_.writer).add(++group_);
  db_->queue(kMark, params);
}

void PostgresEngine::queue_outbox() {
  if (outbox_.size() == 1) {
    const OutboxEvent& event = outbox_.front().event;
    Params params;
    params.add(std::string_view(event.type)).add(std::string_view(event.key));
    params.add(event.time.micros).add(std::string_view(event.data));
    params.add(std::string_view(event.traceparent));
    return db_->queue(kAppendOne, params);
  }
  std::vector<std::string_view> types, keys, data, traces;
  std::vector<std::int64_t> times;
  for (const OutboxRow& row : outbox_) {
    types.push_back(row.event.type);
    keys.push_back(row.event.key);
    times.push_back(row.event.time.micros);
    data.push_back(row.event.data);
    traces.push_back(row.event.traceparent);
  }
  Params params;
  params.add(std::ssize(outbox_)).add_array(types).add_array(keys).add_array(times);
  params.add_array(data).add_array(traces);
  db_->queue(kAppend, params);
}

}  // namespace baedal::store::postgres
