#include "simulation/disk_store.hpp"

#include <algorithm>
#include <utility>

#include "kernel/async/executor.hpp"
#include "kernel/async/sync.hpp"
#include "platform/store/errors.hpp"
#include "simulation/disk_tx.hpp"

namespace baedal::simulation {
namespace {

using namespace std::chrono_literals;
using store::CommitOutcome;
using store::OutboxRow;
using store::Row;
using store::Table;

std::optional<Row> copy_of(const Row* row) {
  return row == nullptr ? std::nullopt : std::optional<Row>(*row);
}

}  // namespace

/// A commit or a sweep that waits for its group; lies in the frame of its caller.
struct DiskStore::Waiting {
  Work work;
  Result<CommitOutcome> outcome{};
  Event done{};
};

DiskStore::DiskStore(std::string name, std::shared_ptr<Disk> disk, const Life& life,
                     const Clock& clock, World world)
    : name_(std::move(name)),
      disk_ptr_(std::move(disk)),
      disk_(*disk_ptr_),
      life_(life),
      clock_(clock),
      world_(world) {
  // What the last process left unsynced may be there or not. A server has settled that already.
  if (world_.shared) return;
  if (!disk_.unsynced().changes.empty() || !disk_.unsynced().outbox.empty() ||
      !disk_.unsynced().answers.empty()) {
    const bool kept = world_.weather.chance(Fault::kCrash).happens(500);
    tell_group(kept ? "finds what was written before the crash" : "has lost what was not synced");
    kept ? disk_.sync() : disk_.lose_unsynced();
  }
  if (has(Bug::kOutboxNumbersBeginAgain)) disk_.forget_last_seq();
}

DiskStore::~DiskStore() {
  BAEDAL_ASSERT(queue_.empty() && group_.empty());
  // Nobody else may be taken for it. A lease of the dead runs out by itself.
  if (disk_.writer == this) disk_.writer = nullptr;
  if (disk_.lease.holder == this) disk_.lease.holder = &disk_;
}

Task<Result<CommitOutcome>> DiskStore::commit_once(const OnceKey& key, Body body) {
  const auto work = [&] { return run(key, body); };
  auto writing = write(work);
  co_return co_await writing;
}

Task<Result<CommitOutcome>> DiskStore::write(Work work) {
  if (life_.over) co_return dead();
  if (queue_.size() >= world_.limits.queue_max) {
    co_return std::unexpected(store::store_overloaded("writes"));
  }
  Waiting waiting{work};
  queue_.push_back(&waiting);
  wake_writer();
  co_await waiting.done.wait();
  co_return std::move(waiting.outcome);
}

void DiskStore::wake_writer() {
  if (!std::exchange(writing_, true)) write_soon();
}

void DiskStore::write_soon() {
  const auto pause = world_.weather.delay(Fault::kStoreSlow, 500ms);
  Executor::current().post_after(pause, [this] { write_group(); });
}

void DiskStore::write_group() {
  // Another process's group is under way: its locks are waited for.
  if (disk_.writer != nullptr && !life_.over) return write_soon();
  const auto group_max = static_cast<std::int64_t>(world_.limits.group_max);
  const auto end = queue_.begin() + std::min(std::ssize(queue_), group_max);
  group_.assign(queue_.begin(), end);
  queue_.erase(queue_.begin(), end);
  if (life_.over || world_.weather.strikes(Fault::kStoreRefuses, 60)) {
    if (!life_.over) tell_group("refuses to write");
    return end_group(false, false);
  }
  disk_.writer = this;
  disk_.drop_relayed(relayed_);
  for (Waiting* waiting : group_) waiting->outcome = waiting->work();
  tell_group("writes");
  if (has(Bug::kPublishesBeforeCommit) && listener_) listener_(disk_.unsynced().outbox);
  if (has(Bug::kAnswersBeforeSync)) answer(std::exchange(group_, {}));
  const auto pause = world_.weather.delay(Fault::kStoreSlow, 500ms);
  Executor::current().post_after(pause, [this] { sync_group(); });
}

Result<CommitOutcome> DiskStore::run(const OnceKey& key, Body body) {
  Disk::Image& written = disk_.written();
  const auto kept = written.answers.find(key.key);
  if (!key.empty() && kept != written.answers.end()) {
    if (kept->second.fingerprint != key.fingerprint) {
      return std::unexpected(store::fingerprint_mismatch());
    }
    return CommitOutcome{kept->second.answer, true};
  }
  const std::int64_t keys_max = world_.limits.keys_max;
  if (keys_max > 0 && key.of_client && std::ssize(written.answers) >= keys_max) {
    return std::unexpected(store::once_keys_full());
  }
  DiskTx tx(written);
  auto answer = body(tx);
  if (!answer) {
    tx.roll_back();
    return pass_on(answer);
  }
  Disk::Group& group = disk_.unsynced();
  if (!key.empty()) {
    const Disk::KeptAnswer answered{key.fingerprint, *answer, clock_.now()};
    written.answers[key.key] = answered;
    group.answers.emplace_back(key.key, answered);
  }
  Disk::Group done = tx.take();
  std::ranges::move(done.changes, std::back_inserter(group.changes));
  std::ranges::move(done.outbox, std::back_inserter(group.outbox));
  return CommitOutcome{std::move(*answer), false};
}

/// Gives how many went, as text.
Result<CommitOutcome> DiskStore::sweep(Timestamp before, std::int64_t limit) {
  auto& answers = disk_.written().answers;
  std::int64_t swept = 0;
  for (auto kept = answers.begin(); kept != answers.end() && swept < limit;) {
    if (kept->second.created_at >= before) {
      ++kept;
      continue;
    }
    disk_.unsynced().answers.emplace_back(kept->first, std::nullopt);
    kept = answers.erase(kept);
    ++swept;
  }
  return CommitOutcome{std::to_string(swept)};
}

/// Dead: what is written stays as it is, for the next process to find or to have lost; of a
/// database server, for the server to commit or to roll back.
void DiskStore::abandon_group() {
  if (world_.shared) {
    const bool kept = world_.weather.chance(Fault::kCrash).happens(500);
    tell_group(kept ? "is committed for a dead process" : "is rolled back for a dead process");
    kept ? disk_.sync() : disk_.lose_unsynced();
  }
  end_group(false, false);
}

void DiskStore::sync_group() {
  if (life_.over) return abandon_group();
  if (world_.weather.strikes(Fault::kStoreRefuses, 30)) {
    tell_group("cannot sync: rolls back");
    disk_.lose_unsynced();
    return end_group(false, false);
  }
  tell_group("syncs");
  std::vector<OutboxRow> told = disk_.unsynced().outbox;
  disk_.sync();
  if (!told.empty() && listener_ && !has(Bug::kPublishesBeforeCommit)) listener_(std::move(told));
  end_group(true, !world_.weather.strikes(Fault::kStoreLosesWord, 40));
}

/// Answers a group and goes on to the next. An error of a body stands unless it may rest on what an
/// earlier body of the group wrote in vain.
void DiskStore::end_group(bool durable, bool answered) {
  bool in_doubt = false;
  for (Waiting* waiting : group_) {
    in_doubt = in_doubt || waiting->outcome.has_value();
    if (!in_doubt || (durable && answered)) continue;
    waiting->outcome = std::unexpected(store::store_unavailable("The store cannot write now."));
  }
  answer(std::exchange(group_, {}));
  if (disk_.writer == this) disk_.writer = nullptr;
  writing_ = false;
  if (!queue_.empty()) wake_writer();
}

void DiskStore::answer(std::vector<Waiting*> group) {
  for (Waiting* waiting : group) waiting->done.set();
}

/// "syncs orders 1, outbox 3 Ordered"
void DiskStore::tell_group(std::string_view what) const {
  const Disk::Group& group = disk_.unsynced();
  if (!world_.story.on()) return;
  const bool empty = group.changes.empty() && group.answers.empty() && group.outbox.empty();
  if (empty && (what == "writes" || what == "syncs")) return;
  std::string line = name_ + " " + std::string{what} + ":";
  for (const auto& change : group.changes) {
    line += " " + std::string{change.table->name} + "/" + std::to_string(change.id);
    if (!change.after) continue;
    for (const store::Value& cell : *change.after) {
      const auto* text = std::get_if<std::string>(&cell);
      if (text != nullptr && text->size() < 12) line += "," + *text;
    }
  }
  for (const auto& [key, answer] : group.answers) line += (answer ? " key:" : " swept:") + key;
  for (const OutboxRow& row : group.outbox) {
    line += " event " + std::to_string(row.seq) + ":" + row.event.type + "(" + row.event.key + ")";
  }
  world_.story.tell("store", line);
}

/// Before each read.
Task<Result<void>> DiskStore::read() {
  if (life_.over) co_return dead();
  if (world_.weather.strikes(Fault::kStoreRefuses, 20)) {
    co_return std::unexpected(store::store_unavailable("The store cannot be read now."));
  }
  co_return Result<void>{};
}

Task<Result<std::optional<Row>>> DiskStore::find(const Table& table, std::int64_t id) {
  auto readable = co_await read();
  if (!readable) co_return pass_on(readable);
  co_return copy_of(disk_.find(table, id));
}

Task<Result<std::optional<Row>>> DiskStore::find_by(const Table& table, std::size_t column,
                                                    const store::Value& value) {
  auto readable = co_await read();
  if (!readable) co_return pass_on(readable);
  const auto rows = disk_.synced().tables.find(table.name);
  if (rows == disk_.synced().tables.end()) co_return std::nullopt;
  co_return copy_of(rows->second.find_by(column, value));
}

Task<Result<store::Page>> DiskStore::page(const Table& table, const store::PageRequest& request) {
  co_await sleep_for(world_.weather.delay(Fault::kStoreSlow, 500ms));
  auto readable = co_await read();
  if (!readable) co_return pass_on(readable);
  const auto rows = disk_.synced().tables.find(table.name);
  if (rows == disk_.synced().tables.end()) co_return store::Page{};
  const auto order = store::complete_order(request.sort);
  co_return store::Page{rows->second.list(order, store::offset_of(request), request.size),
                        rows->second.size()};
}

Task<Result<store::Slice>> DiskStore::page_by(const Table& table, std::size_t column,
                                              const store::Value& value,
                                              const store::PageRequest& request) {
  co_await sleep_for(world_.weather.delay(Fault::kStoreSlow, 500ms));
  auto readable = co_await read();
  if (!readable) co_return pass_on(readable);
  store::Slice slice;
  const auto rows = disk_.synced().tables.find(table.name);
  if (rows == disk_.synced().tables.end()) co_return slice;
  const auto order = store::complete_order(request.sort);
  slice.rows =
      rows->second.list(order, store::offset_of(request), request.size + 1, column, &value);
  slice.has_more = std::ssize(slice.rows) > request.size;
  if (slice.has_more) slice.rows.pop_back();
  co_return slice;
}

Task<Result<std::vector<OutboxRow>>> DiskStore::read_outbox(std::int64_t after, std::size_t limit) {
  co_await sleep_for(world_.weather.delay(Fault::kStoreSlow, 500ms));
  auto readable = co_await read();
  if (!readable) co_return pass_on(readable);
  std::vector<OutboxRow> rows;
  for (const OutboxRow& row : disk_.synced().outbox) {
    if (rows.size() >= limit) break;
    if (row.seq > std::max(after, relayed_)) rows.push_back(row);
  }
  co_return rows;
}

void DiskStore::mark_relayed(std::int64_t seq) {
  if (!life_.over) relayed_ = std::max(relayed_, seq);
}

Task<Result<std::optional<store::RelayLease>>> DiskStore::take_relay_lease(
    std::chrono::milliseconds ttl) {
  if (!world_.shared) co_return store::RelayLease{};
  co_await sleep_for(world_.weather.delay(Fault::kStoreSlow, 500ms));
  auto readable = co_await read();
  if (!readable) co_return pass_on(readable);
  Disk::Lease& lease = disk_.lease;
  const auto now = clock_.monotonic();
  if (lease.holder != this && lease.holder != nullptr && lease.until > now) co_return std::nullopt;
  if (lease.holder != this) ++lease.token;
  lease.holder = this;
  lease.until = now + ttl;
  const store::RelayLease granted{lease.token, true};
  co_await sleep_for(world_.weather.delay(Fault::kStoreSlow, 500ms));
  if (life_.over) co_return dead();
  co_return granted;
}

Task<void> DiskStore::give_back_relay_lease() {
  if (!life_.over && disk_.lease.holder == this) disk_.lease.holder = nullptr;
  co_return;
}

Task<Result<std::int64_t>> DiskStore::sweep_keys(Timestamp before, std::int64_t limit) {
  const auto work = [&] { return sweep(before, limit); };
  auto writing = write(work);
  auto swept = co_await writing;
  if (!swept) co_return pass_on(swept);
  co_return std::stoll(swept->answer);
}

}  // namespace baedal::simulation
