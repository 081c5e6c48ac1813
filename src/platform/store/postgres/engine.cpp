// A group's life: begin, run the bodies, end. Its reads are in engine_tx.cpp, its writes in
// engine_commit.cpp.

#include "platform/store/postgres/engine.hpp"

#include <algorithm>
#include <bit>
#include <string_view>
#include <utility>

#include "kernel/assert.hpp"
#include "platform/store/errors.hpp"
#include "platform/store/postgres/table_sql.hpp"

namespace baedal::store::postgres {
namespace {

/// Rounds of gathered reads; a body that asks for more in a row goes on by itself.
constexpr int kRoundsMax = 8;
/// Bodies of a group from which on ids are drawn ahead.
constexpr std::size_t kForeseenFrom = 8;
/// How long ids that were drawn ahead may wait for their use.
constexpr std::chrono::seconds kIdsFreshFor{1};
/// How long the sum of what all processes keep is believed, while it is below the bound.
constexpr std::chrono::seconds kKeysFreshFor{1};
/// Runs of one body that clashes with other writers again and again.
constexpr int kClashesMax = 5;

const std::string kBegin = "BEGIN";
const std::string kRollback = "ROLLBACK";
const std::string kFindKeys =
    "SELECT key, fingerprint, answer FROM once_keys WHERE key = ANY($1::text[])";
const std::string kSumKeys =
    "SELECT coalesce(sum(row_count), 0)::int8 FROM row_counts WHERE table_name = 'once_keys'";
const std::string kSavepoint = "SAVEPOINT body";
const std::string kRelease = "RELEASE SAVEPOINT body";
const std::string kRollbackTo = "ROLLBACK TO SAVEPOINT body";

/// What an index takes is a little more.
constexpr std::size_t kKeyBytesMax = 2'000;

Error bad_key() {
  return {ErrorKind::kInvalid, "store-bad-key",
          "The idempotency key is not UTF-8 text, or longer than 2000 bytes."};
}

bool is_good_key(const std::string& key) { return key.size() <= kKeyBytesMax && is_text(key); }

}  // namespace

PostgresEngine::PostgresEngine(Options options, std::unique_ptr<Connection> db,
                               std::unique_ptr<Dialer> dialer, std::shared_ptr<WriterGauges> gauges)
    : options_(std::move(options)),
      dialer_(std::move(dialer)),
      db_(std::move(db)),
      gauges_(std::move(gauges)),
      pools_(options_.tables.size()) {
  for (const Table* table : options_.tables) {
    tables_.emplace_back(*table);
    TableSql sql{{insert_one_sql(*table), insert_sql(*table)},
                 {update_one_sql(*table), update_sql(*table)},
                 erase_sql(*table),
                 next_ids_sql(*table),
                 {}};
    sql.lock.resize(table->columns.size());
    const auto lock_by = [&](std::size_t column) {
      sql.lock[column] = {lock_one_sql(*table, column), lock_sql(*table, column)};
    };
    lock_by(0);
    for (const Index& index : table->indexes) {
      if (index.unique) lock_by(index.column);
    }
    sql_.push_back(std::move(sql));
  }
}

PostgresEngine::~PostgresEngine() { purge_outbox(); }

Result<void> PostgresEngine::begin() {
  forget_group();
  if (db_ && db_->looks_lost()) db_.reset();
  if (!db_) {
    db_ = dialer_->take();
    forget_ids();
  }
  if (!db_) return std::unexpected(store_unavailable("The database cannot be reached."));
  return {};
}

void PostgresEngine::queue_begin() {
  if (!std::exchange(in_transaction_, true)) db_->queue(kBegin);
}

void PostgresEngine::rollback() {
  if (in_transaction_ && db_ && !db_->is_lost()) std::ignore = db_->run(kRollback);
  forget_group();
}

void PostgresEngine::forget_group() {
  for (TableView& table : tables_) table.clear();
  answers_.clear();
  outbox_.clear();
  wanted_.clear();
  verified_.clear();
  ids_given_.clear();
  for (IdPool& pool : pools_) pool.wanted = 0;
  in_transaction_ = body_written_ = false;
  spoiled_.reset();
}

std::unexpected<Error> PostgresEngine::spoil(const Error& error) {
  if (!spoiled_) spoiled_ = error;
  return std::unexpected(*spoiled_);
}

/// Counting the keys would cost a walk over all of them; what each group added is added up instead.
std::int64_t PostgresEngine::keys_kept(std::int64_t exact_from) {
  const auto now = options_.clock->monotonic();
  const bool is_fresh = keys_kept_.asked_at && now - *keys_kept_.asked_at < kKeysFreshFor;
  if (is_fresh && keys_kept_.count < exact_from) return keys_kept_.count;
  const auto sum = db_->run(kSumKeys);
  if (!sum) {
    std::ignore = spoil(sum.error());
    return 0;
  }
  keys_kept_ = {sum->integer(0, 0), now};
  return keys_kept_.count;
}

Result<CommitOutcome> PostgresEngine::run(const OnceKey& key, Store::Body body) {
  Result<CommitOutcome> outcome;
  GroupBody one{&key, body, &outcome};
  run_all({&one, 1});
  return outcome;
}

void PostgresEngine::run_all(std::span<GroupBody> bodies) {
  drop_stale_ids();
  if (spoiled_) return fail_all(bodies, *spoiled_);
  if (auto ready = find_answers(bodies); !ready) return fail_all(bodies, ready.error());
  std::vector<GroupBody*> waiting;
  for (GroupBody& each : bodies) waiting.push_back(&each);
  for (int round = 0; !waiting.empty() && !spoiled_; ++round) {
    direct_ = careful_ || waiting.size() == 1 || round >= kRoundsMax;
    std::erase_if(waiting, [this](GroupBody* each) { return run_one(*each); });
    if (!spoiled_) std::ignore = fetch_wanted();
  }
  if (spoiled_) return fail_all(bodies, *spoiled_);
  foresee_ids(bodies.size());
}

void PostgresEngine::fail_all(std::span<GroupBody> bodies, const Error& error) {
  for (GroupBody& each : bodies) *each.outcome = std::unexpected(error);
}

/// With the BEGIN, in one round trip: what the keys of the group gave before.
Result<void> PostgresEngine::find_answers(std::span<const GroupBody> bodies) {
  std::vector<std::string_view> keys;
  for (const GroupBody& each : bodies) {
    if (!each.key->empty() && is_good_key(each.key->key)) keys.push_back(each.key->key);
  }
  if (keys.empty()) return {};
  Params params;
  params.add_array(keys);
  queue_begin();
  db_->queue(kFindKeys, params);
  auto answers = db_->sync();
  if (!answers) return spoil(answers.error());
  learn_answers(answers->back());
  return {};
}

/// In a busy time ids are drawn with each COMMIT, as many as the largest of the last groups used:
/// then the next group, if it has nothing to read, is one round trip. No more than that: what is
/// drawn and not used leaves a gap in what customers see.
void PostgresEngine::foresee_ids(std::size_t bodies) {
  for (std::size_t i = 0; i < pools_.size(); ++i) {
    IdPool& pool = pools_[i];
    const auto used =
        std::ranges::count(ids_given_, i, [](const auto& given) { return given.first; });
    pool.foreseen = std::max<std::int64_t>(used, pool.foreseen - (pool.foreseen + 7) / 8);
    if (bodies < kForeseenFrom) continue;
    pool.wanted = std::max<std::int64_t>(0, pool.foreseen - std::ssize(pool.ids));
  }
}

/// Whoever sorts by id sorts by time: an id drawn long ago is given up, for another process may
/// have given higher ones since.
void PostgresEngine::drop_stale_ids() {
  const auto now = options_.clock->monotonic();
  for (IdPool& pool : pools_) {
    if (now - pool.drawn_at > kIdsFreshFor) pool.ids.clear();
  }
}

void PostgresEngine::learn_answers(const Answer& answer) {
  for (int row = 0; row < answer.rows(); ++row) {
    const auto fingerprint = std::bit_cast<std::uint64_t>(answer.integer(row, 1));
    answers_[answer.text(row, 0)] = {fingerprint, answer.text(row, 2), false};
  }
}

std::optional<Result<CommitOutcome>> PostgresEngine::earlier_outcome(const OnceKey& key) const {
  if (key.empty()) return std::nullopt;
  if (!is_good_key(key.key)) return std::unexpected(bad_key());
  const auto kept = answers_.find(key.key);
  if (kept == answers_.end()) return std::nullopt;
  if (kept->second.fingerprint != key.fingerprint) return std::unexpected(fingerprint_mismatch());
  return CommitOutcome{kept->second.answer, true};
}

/// False: the body must run again, when what it asked for has been fetched.
bool PostgresEngine::run_one(GroupBody& each) {
  if (spoiled_) return true;
  if (auto earlier = earlier_outcome(*each.key)) {
    *each.outcome = std::move(*earlier);
    return true;
  }
  if (careful_) {
    run_carefully(each);
    return true;
  }
  const std::size_t outbox_size = outbox_.size();
  const std::size_t ids_given = ids_given_.size();
  verify_ = verified_.contains(&each);
  begin_body();
  Result<std::string> answer = each.body(*this);
  if (missed_ || !answer) {
    undo_body(outbox_size);
    if (missed_ || guessed_) give_back_ids(ids_given);
    // A refusal may rest on an insert that the database would not have taken: it is asked first.
    if (!missed_ && guessed_) return !verified_.insert(&each).second;
    if (!missed_) *each.outcome = pass_on(answer);
    return !missed_;
  }
  keep_body(each, std::move(*answer));
  return true;
}

/// The body's writes go to the database at once, so that a refusal is this body's alone. A unique
/// value that another writer has just committed is seen by the next run.
void PostgresEngine::run_carefully(GroupBody& each) {
  verify_ = true;
  for (int clash = 0; clash < kClashesMax && !spoiled_; ++clash) {
    const std::size_t outbox_size = outbox_.size();
    begin_body();
    Result<std::string> answer = each.body(*this);
    const Result<void> written = answer ? write_body() : Result<void>{};
    if (answer && written) return keep_body(each, std::move(*answer));
    undo_body(outbox_size);
    *each.outcome = std::unexpected(answer ? written.error() : answer.error());
    if (!answer || spoiled_ || !clashed_) return;
    // What was read as absent is there now; all that was written is in the transaction.
    for (TableView& table : tables_) table.forget();
  }
}

Result<void> PostgresEngine::write_body() {
  queue_begin();
  db_->queue(kSavepoint);
  for (std::size_t i = 0; i < tables_.size(); ++i) {
    for (const Write& write : tables_[i].body_writes()) {
      const Row* const row = &write.row;
      if (write.kind == Write::Kind::kErase) {
        Params id;
        id.add_array(std::span(&write.id, 1));
        db_->queue(sql_[i].erase, id);
      } else {
        queue_rows(i, write.kind == Write::Kind::kInsert ? sql_[i].insert : sql_[i].update,
                   {&row, 1});
      }
    }
  }
  db_->queue(kRelease);
  auto done = db_->sync();
  if (done) return {};
  const Error error = done.error();
  clashed_ = db_->failure() == Failure::kDuplicate;
  if (!clashed_ && db_->failure() != Failure::kRejected) return spoil(error);
  db_->queue(kRollbackTo);
  db_->queue(kRelease);
  if (auto undone = db_->sync(); !undone) return spoil(undone.error());
  if (clashed_) return std::unexpected(store_unavailable("Another writer is at the same row."));
  return std::unexpected(error);
}

void PostgresEngine::begin_body() {
  missed_ = guessed_ = false;
  for (TableView& table : tables_) table.begin_body();
}

void PostgresEngine::undo_body(std::size_t outbox_size) {
  for (TableView& table : tables_) table.undo_body();
  outbox_.resize(outbox_size);
}

/// A server that crashed may give out again what it gave and no commit made durable: ids that were
/// drawn over a lost connection are nobody's.
void PostgresEngine::forget_ids() {
  for (IdPool& pool : pools_) pool.ids.clear();
  ids_given_.clear();
}

/// For a run that is done again: the next one is given the same ids.
void PostgresEngine::give_back_ids(std::size_t kept) {
  while (ids_given_.size() > kept) {
    const auto& [table, id] = ids_given_.back();
    pools_[table].ids.push_front(id);
    ids_given_.pop_back();
  }
}

void PostgresEngine::keep_body(GroupBody& each, std::string answer) {
  if (careful_) {
    for (TableView& table : tables_) table.settle();
    body_written_ = true;
  }
  const OnceKey& key = *each.key;
  if (!key.empty()) answers_[key.key] = {key.fingerprint, answer, true};
  *each.outcome = CommitOutcome{std::move(answer), false};
}

}  // namespace baedal::store::postgres
