#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "platform/store/store.hpp"
#include "simulation/disk.hpp"

namespace baedal::simulation {

/// One body's view of what is written; remembers what it overwrote.
class DiskTx final : public store::Tx {
 public:
  explicit DiskTx(Disk::Image& written) : written_(written) {}

  Result<std::int64_t> next_id(const store::Table& table) override;
  Result<std::optional<store::Row>> find(const store::Table& table, std::int64_t id) override;
  Result<std::optional<store::Row>> find_by(const store::Table& table, std::size_t column,
                                            const store::Value& value) override;
  Result<void> insert(const store::Table& table, store::Row row) override;
  Result<void> update(const store::Table& table, const store::Row& row) override;
  Result<bool> erase(const store::Table& table, std::int64_t id) override;
  Result<void> append(store::OutboxEvent event) override;

  /// As if the body had never run.
  void roll_back();
  /// What the body has done, its events numbered.
  Disk::Group take();

 private:
  void put(const store::Table& table, store::Row row);

  Disk::Image& written_;
  std::vector<Disk::Group::Change> before_;  ///< `after` is what was there before
  Disk::Group after_;
};

}  // namespace baedal::simulation
