#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <string>

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
  /// Reads which keys are parked. `store` has kParkedEventsTable, and outlives the parking; nobody
  /// else writes that table.
  static Task<Result<std::unique_ptr<StoreParking>>> open(store::Store& store);

  Task<Result<void>> park(ParkedEvent event) override;
  Task<Result<std::vector<ParkedEvent>>> list(std::size_t limit, std::int64_t after = 0) override;
  Task<Result<bool>> remove(std::int64_t id) override;
  [[nodiscard]] bool holds_key(const std::string& key) const override;

 private:
  explicit StoreParking(store::Store& store) : store_(store) {}

  void remember(std::int64_t id, const std::string& key);
  void forget(std::int64_t id);
  Task<Result<void>> settle_doubts();

  store::Store& store_;
  mutable std::mutex mutex_;
  std::map<std::int64_t, std::string> keys_by_id_;
  std::map<std::string, std::int64_t> events_by_key_;
  std::set<std::int64_t> in_doubt_;  ///< removed perhaps: the answer was an error
};

}  // namespace baedal::messaging
