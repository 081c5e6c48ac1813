#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "kernel/async/task.hpp"
#include "kernel/error.hpp"
#include "kernel/once.hpp"
#include "platform/store/store.hpp"

namespace baedal::store {

/// One body of a group, and where its outcome goes.
struct GroupBody {
  const OnceKey* key;
  Store::Body body;
  Result<CommitOutcome>* outcome;
};

/// One transactional product, as the group committer drives it. All calls come from the writer
/// thread. Adapters: SqliteEngine, LmdbEngine, PostgresEngine.
class CommitEngine {
 public:
  virtual ~CommitEngine() = default;
  /// Opens the group's transaction. An error of code kStoreBusy (errors.hpp), here or of commit(),
  /// asks the committer to run the group again.
  virtual Result<void> begin() = 0;
  /// How many once-keys the store keeps, in a group that has begun and not yet run; asked only
  /// where they are bounded, so it should cost next to nothing. Where other processes keep keys
  /// too it may be some seconds old, but not when it is `exact_from` or more.
  virtual std::int64_t keys_kept(std::int64_t exact_from) = 0;
  /// Runs one body under its own savepoint (or nested transaction), with its once-key looked up
  /// before and kept after. Its error rolls back that body only. kInternal or kUnavailable errors
  /// that spoil the whole transaction are reported by commit().
  virtual Result<CommitOutcome> run(const OnceKey& key, Store::Body body) = 0;
  /// Runs all bodies of a group as run() does. An engine whose reads cost a round trip may gather
  /// them over the bodies, and so take these in another order, or some of them twice.
  virtual void run_all(std::span<GroupBody> bodies) {
    for (GroupBody& each : bodies) *each.outcome = run(*each.key, each.body);
  }
  /// Whether run_all() keeps the order it was given.
  [[nodiscard]] virtual bool keeps_order() const { return true; }
  /// Makes the group durable (synced). On error everything of the group is rolled back.
  virtual Result<void> commit() = 0;
  /// Ends a transaction that is not to be kept; nothing to do when there is none.
  virtual void rollback() = 0;
  /// The outbox rows of the group just committed, in order; cleared by the call.
  virtual std::vector<OutboxRow> take_committed_outbox() = 0;
  /// Writes something small into the open transaction. While the store is unhealthy, the committer
  /// commits one each second, so that health comes back without traffic.
  virtual Result<void> probe() { return {}; }
};

struct GroupCommitLimits {
  std::size_t queue_max = 4096;  ///< waiting bodies; above: kOverloaded at once
  std::size_t group_max = 512;   ///< bodies per transaction
  /// Once-keys kept, above which a client's new one is refused (once_keys_full) and its body not
  /// run; known ones are answered. 0: no bound.
  std::int64_t keys_max = 0;
  int attempts_max = 3;  ///< runs of a group that meets other writers (kStoreBusy)
  /// A group begins no sooner than this after a small one that several shared: a quick disk would
  /// else make many small groups of a moderate load, each with a sync, wake-ups and a round of its
  /// relay. Under full load groups are large by themselves.
  std::chrono::milliseconds interval{0};
  /// So many bodies are no small group: it neither waits nor makes others wait.
  std::size_t enough = 32;
};

struct GroupCommitStats {
  std::uint64_t groups = 0, bodies = 0, refused = 0;
  std::uint64_t failed_groups = 0;
  std::size_t waiting = 0;  ///< not yet taken into a group
};

/// The heart of the speed: one writer thread per store drains the waiting bodies, runs all of them
/// in one transaction, syncs once, then resumes every caller on its own executor. While a group
/// syncs, the next one gathers.
///
/// When the commit fails, every body of the group gets kUnavailable. A body's own error stands when
/// nothing uncommitted came before it in the group; otherwise it may rest on what never happened,
/// and the caller gets kUnavailable too.
class GroupCommitter {
 public:
  /// Takes the engine; starts the writer thread. `name` names the thread.
  GroupCommitter(std::string name, std::unique_ptr<CommitEngine> engine,
                 GroupCommitLimits limits = {});
  /// Refuses new work, finishes what waits, joins.
  ~GroupCommitter();
  GroupCommitter(const GroupCommitter&) = delete;
  GroupCommitter& operator=(const GroupCommitter&) = delete;

  /// See Store::commit_once. `key` and what `body` refers to live until the task is done; the
  /// waiting itself allocates nothing. Callers of one group and one executor resume in one post.
  Task<Result<CommitOutcome>> commit_once(const OnceKey& key, Store::Body body);
  /// Called on the writer thread after each durable group that appended events, before its callers
  /// resume.
  void on_outbox(OutboxListener listener);
  /// Ok unless the last group could not be committed.
  [[nodiscard]] Result<void> health() const;
  [[nodiscard]] GroupCommitStats stats() const;
  /// Runs on the writer thread between groups, for the engine's own upkeep.
  void post(std::function<void(CommitEngine&)> work);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace baedal::store
