#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "kernel/clock.hpp"
#include "platform/store/group_committer.hpp"
#include "platform/store/store.hpp"

namespace baedal::store {

/// What a MemoryStore keeps: outlives it, so that tests and simulation can "crash" a store and open
/// it again. One store at a time.
class MemoryDisk {
 public:
  /// A random uid.
  MemoryDisk();
  /// A uid of the caller's choice, for runs that must repeat exactly.
  explicit MemoryDisk(std::string uid);
  ~MemoryDisk();
  MemoryDisk(const MemoryDisk&) = delete;
  MemoryDisk& operator=(const MemoryDisk&) = delete;

 private:
  friend class MemoryStore;
  struct State;
  std::unique_ptr<State> state_;
};

/// The store of tests and simulation: ordered maps behind one mutex. A commit goes to the back of
/// the caller's executor before and after its body, so that others come in between as they do with
/// a real writer.
class MemoryStore : public Store {
 public:
  /// Borrows both.
  MemoryStore(MemoryDisk& disk, const Clock& clock, GroupCommitLimits limits = {});

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
  [[nodiscard]] Result<void> health() const override { return {}; }
  [[nodiscard]] StoreStats stats() const override;

 private:
  Result<CommitOutcome> run(const OnceKey& key, Body body);

  MemoryDisk::State& disk_;
  const Clock& clock_;
  const GroupCommitLimits limits_;
  OutboxListener listener_;
  std::atomic<std::size_t> waiting_{0};
  std::atomic<std::int64_t> relayed_{0};
  std::atomic<std::uint64_t> commits_{0};
  std::atomic<std::uint64_t> refused_{0};
};

}  // namespace baedal::store
