#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>

#include "kernel/clock.hpp"
#include "kernel/function_ref.hpp"
#include "platform/store/group_committer.hpp"
#include "platform/store/store.hpp"
#include "simulation/disk.hpp"
#include "simulation/life.hpp"
#include "simulation/story.hpp"
#include "simulation/weather.hpp"

namespace baedal::simulation {

/// The store port over a Disk, for one life of a process. Commits gather, are written in a group,
/// and answered when the group is synced: three moments between which anything may happen, the
/// death of the process included. One executor.
class DiskStore final : public store::Store {
 public:
  struct World {
    Weather& weather;
    Story& story;
    std::optional<Bug> bug;
    bool shared = false;  ///< other processes have it open as well, as a database server's
    store::GroupCommitLimits limits{.group_max = 8};
  };

  /// All but the disk outlive it. `name` is for the story.
  DiskStore(std::string name, std::shared_ptr<Disk> disk, const Life& life, const Clock& clock,
            World world);
  ~DiskStore() override;

  Task<Result<store::CommitOutcome>> commit_once(const OnceKey& key, Body body) override;
  Task<Result<std::optional<store::Row>>> find(const store::Table& table, std::int64_t id) override;
  Task<Result<std::optional<store::Row>>> find_by(const store::Table& table, std::size_t column,
                                                  const store::Value& value) override;
  Task<Result<store::Page>> page(const store::Table& table,
                                 const store::PageRequest& request) override;
  Task<Result<store::Slice>> page_by(const store::Table& table, std::size_t column,
                                     const store::Value& value,
                                     const store::PageRequest& request) override;
  [[nodiscard]] const std::string& uid() const override { return disk_.uid(); }
  Task<Result<std::vector<store::OutboxRow>>> read_outbox(std::int64_t after,
                                                          std::size_t limit) override;
  void mark_relayed(std::int64_t seq) override;
  void on_outbox(store::OutboxListener listener) override { listener_ = std::move(listener); }
  Task<Result<std::int64_t>> sweep_keys(Timestamp before, std::int64_t limit) override;
  [[nodiscard]] bool is_shared() const override { return world_.shared; }
  Task<Result<std::optional<store::RelayLease>>> take_relay_lease(
      std::chrono::milliseconds ttl) override;
  Task<void> give_back_relay_lease() override;
  [[nodiscard]] Result<void> health() const override { return {}; }

 private:
  struct Waiting;
  using Work = FunctionRef<Result<store::CommitOutcome>()>;

  Task<Result<store::CommitOutcome>> write(Work work);
  void wake_writer();
  void write_soon();
  void abandon_group();
  void write_group();
  void sync_group();
  void end_group(bool durable, bool answered);
  Result<store::CommitOutcome> run(const OnceKey& key, Body body);
  Result<store::CommitOutcome> sweep(Timestamp before, std::int64_t limit);
  void answer(std::vector<Waiting*> group);
  void tell_group(std::string_view what) const;
  Task<Result<void>> read();
  [[nodiscard]] bool has(Bug bug) const { return world_.bug == bug; }

  const std::string name_;
  const std::shared_ptr<Disk> disk_ptr_;
  Disk& disk_;
  const Life& life_;
  const Clock& clock_;
  const World world_;
  store::OutboxListener listener_;
  std::deque<Waiting*> queue_;
  std::vector<Waiting*> group_;  ///< written, not yet synced
  bool writing_ = false;
  std::int64_t relayed_ = 0;
};

}  // namespace baedal::simulation
