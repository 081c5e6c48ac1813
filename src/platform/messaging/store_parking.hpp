#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "platform/messaging/parking.hpp"
#include "platform/store/migration.hpp"
#include "platform/store/store.hpp"

namespace baedal::messaging {

/// The schema of parked_events, to be applied to every store that parks.
[[nodiscard]] std::span<const store::Migration> migrations();

/// The table a StoreParking keeps its events in.
extern const store::Table kParkedEventsTable;

/// Parking in a table of the service's own store.
class StoreParking final : public Parking {
 public:
  /// Reads which keys are parked. `store` has kParkedEventsTable, and outlives the parking. Nobody
  /// else writes that table but this class, in other processes if the store is shared.
  static Task<Result<std::unique_ptr<StoreParking>>> open(store::Store& store);

  Task<Result<void>> park(ParkedEvent event) override;
  Task<Result<bool>> park_behind(ParkedEvent event) override;
  Task<Result<void>> refresh() override;
  Task<Result<std::vector<ParkedEvent>>> list(std::size_t limit, std::int64_t after = 0) override;
  Task<Result<bool>> remove(std::int64_t id) override;
  [[nodiscard]] bool holds_key(const std::string& key) const override;
  /// Events parked, as far as this process knows. Any thread.
  [[nodiscard]] std::size_t count() const;

 private:
  explicit StoreParking(store::Store& store) : store_(store) {}

  using Keys = std::map<std::int64_t, std::string>;

  Task<Result<Keys>> read_keys() const;
  [[nodiscard]] std::vector<std::int64_t> ids_of(const std::string& key) const;
  void remember(std::int64_t id, const std::string& key);
  void forget(std::int64_t id);
  Task<Result<void>> settle_doubts();

  store::Store& store_;
  mutable std::mutex mutex_;
  Keys keys_by_id_;
  std::map<std::string, std::set<std::int64_t>> ids_by_key_;
  std::set<std::int64_t> in_doubt_;  ///< removed perhaps: the answer was an error
};

}  // namespace baedal::messaging
