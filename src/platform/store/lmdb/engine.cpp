#include "platform/store/lmdb/engine.hpp"

#include <algorithm>
#include <utility>

#include "kernel/assert.hpp"
#include "platform/store/errors.hpp"
#include "platform/store/lmdb/cursor.hpp"
#include "platform/store/lmdb/encoding.hpp"
#include "platform/store/lmdb/engine_tx.hpp"

namespace baedal::store::lmdb {

namespace {

/// Relayed outbox rows that one commit drops at most, so that a long backlog delays nobody.
constexpr int kEraseMax = 4096;

int put_number(MDB_txn* txn, MDB_dbi meta, std::string_view name, std::int64_t number) {
  const IdKey bytes = id_key(number);
  MDB_val key = to_val(name);
  MDB_val value = to_val(view(bytes));
  return mdb_put(txn, meta, &key, &value, 0);
}

int write_pair(Cursor& cursor, const WriteSet::Entry& entry) {
  const std::string_view key = WriteSet::key_of(entry);
  const std::string_view cell = key.substr(0, key.size() - sizeof(IdKey));
  const std::string_view id = key.substr(cell.size());
  if (entry.second) {
    const int code = cursor.put(cell, id, MDB_NODUPDATA);
    return code == MDB_KEYEXIST ? MDB_SUCCESS : code;
  }
  return cursor.seek(cell, id, MDB_GET_BOTH) ? cursor.erase() : cursor.error();
}

int write_record(Cursor& cursor, const WriteSet::Entry& entry) {
  const std::string_view key = WriteSet::key_of(entry);
  if (entry.second) return cursor.put(key, *entry.second, 0);
  return cursor.seek(key, MDB_SET) ? cursor.erase() : cursor.error();
}

}  // namespace

LmdbEngine::LmdbEngine(Environment& environment, const Layout& layout, const Clock& clock)
    : environment_(environment), layout_(layout), clock_(clock) {
  counters_.next_ids.assign(layout.tables().size(), 1);
  counters_.rows.assign(layout.tables().size(), 0);
  committed_ = counters_;
}

Result<void> LmdbEngine::begin() {
  forget_group();
  auto txn = environment_.begin_write();
  if (!txn) return pass_on(txn);
  txn_ = std::move(*txn);
  if (!counters_stale_) return {};
  auto loaded = load_counters();
  if (!loaded) txn_.reset();
  return loaded;
}

Result<CommitOutcome> LmdbEngine::run(const OnceKey& key, Store::Body body) {
  BAEDAL_ASSERT(txn_ != nullptr);
  std::string once;
  if (!key.empty()) {
    once = text_key(key.key);
    auto earlier = earlier_outcome(key, once);
    if (!earlier) return pass_on(earlier);
    if (*earlier) return std::move(**earlier);
  }
  writes_.begin_body();
  rows_before_body_ = counters_.rows;
  const std::size_t outbox_before = outbox_.size();
  const std::int64_t next_seq_before = counters_.next_seq;
  EngineTx tx(*this);
  Result<std::string> answer = body(tx);
  if (!answer) {
    writes_.undo_body();
    counters_.rows = rows_before_body_;
    outbox_.resize(outbox_before);
    counters_.next_seq = next_seq_before;
    return pass_on(answer);
  }
  if (!key.empty()) keep_outcome(key, once, *answer);
  return CommitOutcome{std::move(*answer), false};
}

Result<void> LmdbEngine::commit() {
  BAEDAL_ASSERT(txn_ != nullptr);
  if (writes_.empty() && outbox_.empty()) {
    txn_.reset();
    return {};
  }
  auto done = write_and_commit();
  if (!done) {
    counters_stale_ = true;
    forget_group();
    return done;
  }
  writes_.clear();
  committed_ = counters_;
  return {};
}

void LmdbEngine::rollback() { forget_group(); }

std::vector<OutboxRow> LmdbEngine::take_committed_outbox() { return std::exchange(outbox_, {}); }

Result<void> LmdbEngine::probe() {
  const IdKey now = id_key(clock_.now().micros);
  writes_.put(Layout::kMeta, "probe", std::string(view(now)));
  return {};
}

void LmdbEngine::note_relayed(std::int64_t seq) {
  std::int64_t known = relayed();
  while (known < seq && !relayed_.compare_exchange_weak(known, seq)) {
  }
}

void LmdbEngine::drop_relayed() {
  if (relayed() <= erased_) return;
  forget_group();
  auto txn = environment_.begin_write();
  if (!txn) return;
  txn_ = std::move(*txn);
  std::int64_t erased = erased_;
  if (erase_relayed(erased) == MDB_SUCCESS && environment_.commit(std::move(txn_)) == MDB_SUCCESS) {
    erased_ = erased;
  }
  txn_.reset();
}

std::int64_t LmdbEngine::keys_kept(std::int64_t /*exact_from*/) {
  MDB_stat stat{};
  const int code = mdb_stat(txn_.get(), layout_.dbi(Layout::kOnce), &stat);
  return code == MDB_SUCCESS ? static_cast<std::int64_t>(stat.ms_entries) : 0;
}

Result<std::int64_t> LmdbEngine::sweep_keys(Timestamp before, std::int64_t limit) {
  Cursor cursor(txn_.get(), layout_.dbi(Layout::kOnceTime));
  std::int64_t dropped = 0;
  for (bool more = cursor.move(MDB_FIRST); more && dropped < limit; more = cursor.move(MDB_NEXT)) {
    const std::string_view key = cursor.key();
    if (key.size() <= sizeof(IdKey)) return damaged("a once-key");
    if (read_id(key.substr(0, sizeof(IdKey))) >= before.micros) break;
    if (writes_.find(Layout::kOnceTime, key) != nullptr) continue;  // swept in this group already
    writes_.erase(Layout::kOnceTime, key);
    writes_.erase(Layout::kOnce, key.substr(sizeof(IdKey)));
    ++dropped;
  }
  if (cursor.error() != MDB_SUCCESS) return lmdb_error(cursor.error(), "read");
  return dropped;
}

Result<std::optional<std::string_view>> LmdbEngine::get(WriteSet::Space space,
                                                        std::string_view key) {
  if (const WriteSet::Change* change = writes_.find(space, key)) {
    if (!*change) return std::nullopt;
    return std::string_view(**change);
  }
  MDB_val k = to_val(key);
  MDB_val value{};
  const int code = mdb_get(txn_.get(), layout_.dbi(space), &k, &value);
  if (code == MDB_NOTFOUND) return std::nullopt;
  if (code != MDB_SUCCESS) return lmdb_error(code, "read");
  return from_val(value);
}

Result<void> LmdbEngine::load_counters() {
  const MDB_dbi meta = layout_.dbi(Layout::kMeta);
  // Ids and seqs handed out in groups that failed are not given again: the larger number stands.
  const auto load = [&](std::string_view name, std::int64_t otherwise) {
    return read_number(txn_.get(), meta, name, otherwise);
  };
  for (const Layout::TableLayout& table : layout_.tables()) {
    const auto next = load(next_id_name(*table.table), 1);
    const auto rows = load(row_count_name(*table.table), 0);
    if (!next || !rows) return std::unexpected(next ? rows.error() : next.error());
    counters_.next_ids[table.position] = std::max(counters_.next_ids[table.position], *next);
    counters_.rows[table.position] = *rows;
  }
  auto next_seq = load(kNextSeqName, 1);
  if (!next_seq) return pass_on(next_seq);
  counters_.next_seq = std::max(counters_.next_seq, *next_seq);
  committed_ = counters_;
  counters_stale_ = false;
  return {};
}

Result<std::optional<CommitOutcome>> LmdbEngine::earlier_outcome(const OnceKey& key,
                                                                 std::string_view once) {
  const auto bytes = get(Layout::kOnce, once);
  if (!bytes) return std::unexpected(bytes.error());
  if (!*bytes) return std::nullopt;
  auto kept = decode_answer(**bytes);
  if (!kept) return pass_on(kept);
  if (kept->fingerprint != key.fingerprint) return std::unexpected(fingerprint_mismatch());
  return CommitOutcome{std::move(kept->answer), true};
}

void LmdbEngine::keep_outcome(const OnceKey& key, std::string_view once,
                              const std::string& answer) {
  const Timestamp now = clock_.now();
  std::string by_time(view(id_key(now.micros)));
  by_time.append(once);
  writes_.put(Layout::kOnce, once, encode_answer({key.fingerprint, now, answer}));
  writes_.put(Layout::kOnceTime, by_time, {});
}

Result<void> LmdbEngine::write_and_commit() {
  while (true) {
    std::int64_t erased = erased_;
    int code = write_entries();
    if (code == MDB_SUCCESS) code = write_counters();
    if (code == MDB_SUCCESS) code = write_outbox();
    if (code == MDB_SUCCESS) code = erase_relayed(erased);
    if (code == MDB_SUCCESS) code = environment_.commit(std::move(txn_));
    if (code == MDB_SUCCESS) {
      erased_ = erased;
      return {};
    }
    txn_.reset();
    if (code != MDB_MAP_FULL) return lmdb_error(code, "write");
    if (auto grown = environment_.grow(); !grown) return grown;
    auto again = environment_.begin_write();
    if (!again) return pass_on(again);
    txn_ = std::move(*again);
  }
}

int LmdbEngine::write_entries() {
  std::optional<Cursor> cursor;
  int space = -1;
  for (const WriteSet::Entry* entry : writes_.sorted()) {
    const Layout::Space& target = layout_.space(WriteSet::space_of(*entry));
    if (target.kind == Layout::Kind::kLookup) continue;
    if (std::exchange(space, WriteSet::space_of(*entry)) != WriteSet::space_of(*entry)) {
      cursor.emplace(txn_.get(), target.dbi);
    }
    const int code = target.kind == Layout::Kind::kPair ? write_pair(*cursor, *entry)
                                                        : write_record(*cursor, *entry);
    if (code != MDB_SUCCESS) return code;
  }
  return MDB_SUCCESS;
}

int LmdbEngine::write_counters() {
  const MDB_dbi meta = layout_.dbi(Layout::kMeta);
  const auto write = [&](const std::string& name, std::int64_t before, std::int64_t now) {
    return before == now ? MDB_SUCCESS : put_number(txn_.get(), meta, name, now);
  };
  for (const Layout::TableLayout& table : layout_.tables()) {
    const std::size_t at = table.position;
    int code = write(next_id_name(*table.table), committed_.next_ids[at], counters_.next_ids[at]);
    if (code != MDB_SUCCESS) return code;
    code = write(row_count_name(*table.table), committed_.rows[at], counters_.rows[at]);
    if (code != MDB_SUCCESS) return code;
  }
  return write(std::string(kNextSeqName), committed_.next_seq, counters_.next_seq);
}

int LmdbEngine::write_outbox() {
  if (outbox_.empty()) return MDB_SUCCESS;
  Cursor cursor(txn_.get(), layout_.dbi(Layout::kOutbox));
  for (const OutboxRow& row : outbox_) {
    const IdKey seq = id_key(row.seq);
    const int code = cursor.put(view(seq), encode_event(row.event), MDB_APPEND);
    if (code != MDB_SUCCESS) return code;
  }
  return MDB_SUCCESS;
}

/// `erased` becomes the seq up to which nothing is left once this transaction has committed.
int LmdbEngine::erase_relayed(std::int64_t& erased) {
  const std::int64_t until = relayed();
  if (until <= erased) return MDB_SUCCESS;
  Cursor cursor(txn_.get(), layout_.dbi(Layout::kOutbox));
  for (int i = 0; i < kEraseMax; ++i) {
    if (!cursor.move(MDB_FIRST)) break;
    const std::int64_t seq = read_id(cursor.key());
    if (seq > until) break;
    if (const int code = cursor.erase(); code != MDB_SUCCESS) return code;
    erased = seq;
  }
  if (cursor.error() == MDB_SUCCESS && (!cursor.move(MDB_FIRST) || read_id(cursor.key()) > until)) {
    erased = until;
  }
  return cursor.error();
}

void LmdbEngine::forget_group() {
  txn_.reset();
  writes_.clear();
  outbox_.clear();
  counters_.rows = committed_.rows;
}

}  // namespace baedal::store::lmdb
