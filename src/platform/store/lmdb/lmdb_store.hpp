#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "kernel/clock.hpp"
#include "platform/store/group_committer.hpp"
#include "platform/store/store.hpp"

namespace baedal::store {

struct LmdbOptions {
  std::string path;                    ///< a folder of its own, for data.mdb; made when missing
  std::vector<const Table*> tables{};  ///< every table the store will be asked for
  const Clock* clock = nullptr;        ///< needed; borrowed
  std::size_t map_size_initial = std::size_t{64} << 20;  ///< bytes; only what is used takes room
  std::size_t map_size_max = std::size_t{64} << 30;      ///< bytes; full there: kUnavailable
  GroupCommitLimits limits{};
  std::size_t lists_waiting_max = 256;  ///< more are kOverloaded
  std::chrono::milliseconds list_deadline{2'000};
  /// Looks into a store that another process may be writing (not this one: LMDB opens a folder once
  /// per process). Every commit is refused.
  bool read_only = false;
};

/// A store on LMDB: reads are looks into a memory map that never wait for the writer, so it suits
/// views that are read much. Point reads and first pages run on the caller's thread (a microsecond
/// or so), deep or many-column lists on one reader thread; lmdb/pager.hpp says what they cost. The
/// map grows by itself; data.mdb is as long as the map but, being sparse, takes what it holds.
///
///   auto store = LmdbStore::open({.path = "data/view", .tables = {&kThings}, .clock = &clock});
///
/// Several of them, on different folders, live side by side in one process.
class LmdbStore final : public Store {
 public:
  /// Opens, and checks. Errors tell the operator what to do:
  ///   schema-changed   written with other tables, columns or indexes; wipe() and rebuild, or
  ///   refuse store-damaged, store-version, store-foreign   not a file this program can use
  ///   store-locked     another process (or this one) has it open for writing
  ///   store-unavailable, store-full   kUnavailable: no right to write, no room
  [[nodiscard]] static Result<std::unique_ptr<LmdbStore>> open(LmdbOptions options);
  /// Deletes the store's files, and the folder if nothing else is in it. Refused (store-locked)
  /// while it is open for writing. A folder that is not there is fine.
  [[nodiscard]] static Result<void> wipe(const std::string& path);

  /// Finishes the commits and lists that wait, and the reads in progress.
  ~LmdbStore() override;

  Task<Result<CommitOutcome>> commit_once(const OnceKey& key, Body body) override;
  Task<Result<std::optional<Row>>> find(const Table& table, std::int64_t id) override;
  Task<Result<std::optional<Row>>> find_by(const Table& table, std::size_t column,
                                           const Value& value) override;
  Task<Result<Page>> page(const Table& table, const PageRequest& request) override;
  Task<Result<Slice>> page_by(const Table& table, std::size_t column, const Value& value,
                              const PageRequest& request) override;
  [[nodiscard]] const std::string& uid() const override;
  Task<Result<std::vector<OutboxRow>>> read_outbox(std::int64_t after, std::size_t limit) override;
  void mark_relayed(std::int64_t seq) override;
  void on_outbox(OutboxListener listener) override;
  Task<Result<std::int64_t>> sweep_keys(Timestamp before, std::int64_t limit) override;
  [[nodiscard]] Result<void> health() const override;
  [[nodiscard]] StoreStats stats() const override;

 private:
  struct Impl;
  explicit LmdbStore(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace baedal::store
