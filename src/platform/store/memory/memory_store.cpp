#include "platform/store/memory/memory_store.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <mutex>
#include <random>
#include <utility>

#include "kernel/assert.hpp"
#include "kernel/async/executor.hpp"
#include "platform/store/errors.hpp"
#include "platform/store/memory/memory_table.hpp"

namespace baedal::store {
namespace {

struct KeptAnswer {
  std::uint64_t fingerprint;
  std::string answer;
  Timestamp created_at;
};

std::string random_uid() {
  std::random_device device;
  const std::uint64_t high = device();
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string uid;
  for (std::uint64_t rest = high << 32 | device(), i = 0; i < 16; ++i, rest >>= 4) {
    uid += kDigits[rest & 15];
  }
  return uid;
}

std::optional<Row> copy_of(const Row* row) {
  return row == nullptr ? std::nullopt : std::optional<Row>(*row);
}

}  // namespace

struct MemoryDisk::State {
  std::mutex mutex;
  std::string uid;
  std::map<std::string, MemoryTable, std::less<>> tables;
  std::map<std::string, KeptAnswer> answers;
  std::deque<OutboxRow> outbox;
  std::int64_t last_seq = 0;

  MemoryTable& table(const Table& table) {
    const auto found = tables.find(table.name);
    return found != tables.end() ? found->second : tables[std::string(table.name)];
  }
};

MemoryDisk::MemoryDisk() : MemoryDisk(random_uid()) {}
MemoryDisk::MemoryDisk(std::string uid) : state_(std::make_unique<State>()) {
  state_->uid = std::move(uid);
}
MemoryDisk::~MemoryDisk() = default;

namespace {

/// One body's view: writes through, and remembers what it overwrote.
template <class State>
class MemoryTx final : public Tx {
 public:
  explicit MemoryTx(State& disk) : disk_(disk) {}

  Result<std::int64_t> next_id(const Table& table) override { return disk_.table(table).next_id(); }

  Result<std::optional<Row>> find(const Table& table, std::int64_t id) override {
    return copy_of(disk_.table(table).find(id));
  }

  Result<std::optional<Row>> find_by(const Table& table, std::size_t column,
                                     const Value& value) override {
    BAEDAL_ASSERT(table.index_on(column) != nullptr && table.index_on(column)->unique);
    return copy_of(disk_.table(table).find_by(column, value));
  }

  Result<void> insert(const Table& table, Row row) override {
    check_row(table, row);
    MemoryTable& rows = disk_.table(table);
    if (rows.conflicts(table, row, true)) return std::unexpected(duplicate_row(table));
    remember(table, std::get<std::int64_t>(row[0]));
    rows.put(table, std::move(row));
    return {};
  }

  Result<void> update(const Table& table, const Row& row) override {
    check_row(table, row);
    MemoryTable& rows = disk_.table(table);
    const auto id = std::get<std::int64_t>(row[0]);
    if (rows.find(id) == nullptr) return std::unexpected(missing_row(table));
    if (rows.conflicts(table, row, false)) return std::unexpected(duplicate_row(table));
    remember(table, id);
    rows.put(table, row);
    return {};
  }

  Result<bool> erase(const Table& table, std::int64_t id) override {
    remember(table, id);
    return disk_.table(table).erase(table, id);
  }

  Result<void> append(OutboxEvent event) override {
    appended_.push_back({0, std::move(event)});
    return {};
  }

  void undo() {
    for (auto change = undo_.rbegin(); change != undo_.rend(); ++change) {
      MemoryTable& rows = disk_.table(*change->table);
      rows.erase(*change->table, change->id);
      if (change->before) rows.put(*change->table, *change->before);
    }
  }

  /// The events of the body, numbered as the next of the outbox.
  std::vector<OutboxRow> commit_events() {
    for (OutboxRow& row : appended_) row.seq = ++disk_.last_seq;
    disk_.outbox.insert(disk_.outbox.end(), appended_.begin(), appended_.end());
    return std::move(appended_);
  }

 private:
  struct Change {
    const Table* table;
    std::int64_t id;
    std::optional<Row> before;
  };
  void remember(const Table& table, std::int64_t id) {
    undo_.push_back({&table, id, copy_of(disk_.table(table).find(id))});
  }

  State& disk_;
  std::vector<Change> undo_;
  std::vector<OutboxRow> appended_;
};

}  // namespace

MemoryStore::MemoryStore(MemoryDisk& disk, const Clock& clock, GroupCommitLimits limits)
    : disk_(*disk.state_), clock_(clock), limits_(limits) {}

Task<Result<CommitOutcome>> MemoryStore::commit_once(const OnceKey& key, Body body) {
  if (waiting_.fetch_add(1) >= limits_.queue_max) {
    waiting_.fetch_sub(1);
    refused_.fetch_add(1);
    co_return std::unexpected(store_overloaded("writes"));
  }
  co_await yield();  // the way to the writer
  waiting_.fetch_sub(1);
  Result<CommitOutcome> outcome = run(key, body);
  co_await yield();  // the way back
  co_return outcome;
}

Result<CommitOutcome> MemoryStore::run(const OnceKey& key, Body body) {
  const std::lock_guard lock(disk_.mutex);
  commits_.fetch_add(1);
  while (!disk_.outbox.empty() && disk_.outbox.front().seq <= relayed_) disk_.outbox.pop_front();
  if (const auto kept = disk_.answers.find(key.key); !key.empty() && kept != disk_.answers.end()) {
    if (kept->second.fingerprint != key.fingerprint) return std::unexpected(fingerprint_mismatch());
    return CommitOutcome{kept->second.answer, true};
  }
  if (limits_.keys_max > 0 && key.of_client && std::ssize(disk_.answers) >= limits_.keys_max) {
    return std::unexpected(once_keys_full());
  }
  MemoryTx tx(disk_);
  Result<std::string> answer = body(tx);
  if (!answer) {
    tx.undo();
    return pass_on(answer);
  }
  if (!key.empty()) disk_.answers[key.key] = {key.fingerprint, *answer, clock_.now()};
  std::vector<OutboxRow> events = tx.commit_events();
  // Under the lock, so that the rows come in commit order.
  if (!events.empty() && listener_) listener_(std::move(events));
  return CommitOutcome{std::move(*answer), false};
}

Task<Result<std::optional<Row>>> MemoryStore::find(const Table& table, std::int64_t id) {
  const std::lock_guard lock(disk_.mutex);
  co_return copy_of(disk_.table(table).find(id));
}

Task<Result<std::optional<Row>>> MemoryStore::find_by(const Table& table, std::size_t column,
                                                      const Value& value) {
  BAEDAL_ASSERT(table.index_on(column) != nullptr && table.index_on(column)->unique);
  const std::lock_guard lock(disk_.mutex);
  co_return copy_of(disk_.table(table).find_by(column, value));
}

Task<Result<Page>> MemoryStore::page(const Table& table, const PageRequest& request) {
  co_await yield();
  const std::lock_guard lock(disk_.mutex);
  const MemoryTable& rows = disk_.table(table);
  const auto order = complete_order(request.sort);
  co_return Page{rows.list(order, offset_of(request), request.size), rows.size()};
}

Task<Result<Slice>> MemoryStore::page_by(const Table& table, std::size_t column, const Value& value,
                                         const PageRequest& request) {
  BAEDAL_ASSERT(table.index_on(column) != nullptr);
  co_await yield();
  const std::lock_guard lock(disk_.mutex);
  const auto order = complete_order(request.sort);
  Slice slice;
  slice.rows = disk_.table(table).list(order, offset_of(request), request.size + 1, column, &value);
  slice.has_more = std::ssize(slice.rows) > request.size;
  if (slice.has_more) slice.rows.pop_back();
  co_return slice;
}

const std::string& MemoryStore::uid() const { return disk_.uid; }

Task<Result<std::vector<OutboxRow>>> MemoryStore::read_outbox(std::int64_t after,
                                                              std::size_t limit) {
  co_await yield();
  const std::lock_guard lock(disk_.mutex);
  std::vector<OutboxRow> rows;
  for (const OutboxRow& row : disk_.outbox) {
    if (rows.size() >= limit) break;
    if (row.seq > std::max(after, relayed_.load())) rows.push_back(row);
  }
  co_return rows;
}

void MemoryStore::mark_relayed(std::int64_t seq) {
  // Without the lock: the listener, which runs under it, may call this.
  for (std::int64_t before = relayed_; before < seq;) {
    if (relayed_.compare_exchange_weak(before, seq)) break;
  }
}

void MemoryStore::on_outbox(OutboxListener listener) {
  const std::lock_guard lock(disk_.mutex);
  listener_ = std::move(listener);
}

Task<Result<std::int64_t>> MemoryStore::sweep_keys(Timestamp before, std::int64_t limit) {
  co_await yield();
  const std::lock_guard lock(disk_.mutex);
  std::int64_t swept = 0;
  for (auto kept = disk_.answers.begin(); kept != disk_.answers.end() && swept < limit;) {
    const bool is_old = kept->second.created_at < before;
    kept = is_old ? disk_.answers.erase(kept) : std::next(kept);
    swept += is_old ? 1 : 0;
  }
  co_return swept;
}

StoreStats MemoryStore::stats() const {
  StoreStats stats;
  stats.groups = stats.bodies = commits_;
  stats.refused = refused_;
  stats.waiting = waiting_;
  const std::lock_guard lock(disk_.mutex);
  stats.outbox_rows = std::ranges::count_if(
      disk_.outbox, [this](const OutboxRow& row) { return row.seq > relayed_; });
  return stats;
}

}  // namespace baedal::store
