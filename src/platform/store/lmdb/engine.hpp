#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/clock.hpp"
#include "platform/store/group_committer.hpp"
#include "platform/store/lmdb/environment.hpp"
#include "platform/store/lmdb/layout.hpp"
#include "platform/store/lmdb/write_set.hpp"

namespace baedal::store::lmdb {

/// Group commits on one LMDB environment. Bodies read the group's transaction through the write set
/// and write into the write set only; commit() puts it into the pages, in key order, and syncs.
/// When the map is full meanwhile, only that last step is done again in a larger one: bodies are
/// not run twice. All calls from the writer thread, except note_relayed() and relayed().
class LmdbEngine final : public CommitEngine {
 public:
  /// All three outlive the engine.
  LmdbEngine(Environment& environment, const Layout& layout, const Clock& clock);

  Result<void> begin() override;
  Result<CommitOutcome> run(const OnceKey& key, Store::Body body) override;
  Result<void> commit() override;
  void rollback() override;
  std::vector<OutboxRow> take_committed_outbox() override;
  Result<void> probe() override;
  std::int64_t keys_kept(std::int64_t exact_from) override;

  /// Marks outbox rows up to `seq` as to be dropped, with a commit that happens anyway.
  void note_relayed(std::int64_t seq);
  [[nodiscard]] std::int64_t relayed() const { return relayed_.load(std::memory_order_acquire); }
  /// Drops marked rows in a transaction of its own, between groups. An error only leaves them
  /// there.
  void drop_relayed();

  /// The Store's sweep, as (part of) a body: drops at most `limit` once-keys kept before `before`.
  Result<std::int64_t> sweep_keys(Timestamp before, std::int64_t limit);

 private:
  friend class EngineTx;

  /// What commits with a group and is not in the write set. Ids only grow, also over rolled-back
  /// bodies; ids and seqs also over failed groups. The row counts are put back.
  struct Counters {
    std::vector<std::int64_t> next_ids;
    std::vector<std::int64_t> rows;
    std::int64_t next_seq = 1;
  };

  /// The bytes under a key as this group sees them; empty optional when there is no such key. Valid
  /// until the next write.
  Result<std::optional<std::string_view>> get(WriteSet::Space space, std::string_view key);
  Result<void> load_counters();
  Result<std::optional<CommitOutcome>> earlier_outcome(const OnceKey& key, std::string_view once);
  void keep_outcome(const OnceKey& key, std::string_view once, const std::string& answer);
  Result<void> write_and_commit();
  int write_entries();
  int write_counters();
  int write_outbox();
  int erase_relayed(std::int64_t& erased);
  void forget_group();

  Environment& environment_;
  const Layout& layout_;
  const Clock& clock_;
  WriteTxn txn_;
  WriteSet writes_;
  Counters counters_;   ///< as of the open group
  Counters committed_;  ///< as on disk
  /// What is on disk must be read: at the start, and after a commit of unknown outcome.
  bool counters_stale_ = true;
  std::vector<std::int64_t> rows_before_body_;
  std::vector<OutboxRow> outbox_;
  std::atomic<std::int64_t> relayed_{0};
  std::int64_t erased_ = 0;  ///< no outbox row up to here is left on disk
};

}  // namespace baedal::store::lmdb
