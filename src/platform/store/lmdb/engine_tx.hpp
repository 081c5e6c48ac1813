#pragma once

#include <optional>
#include <string>

#include "platform/store/lmdb/engine.hpp"

namespace baedal::store::lmdb {

/// What a body sees: reads through the group's writes, and adds to them. Lives for one body.
class EngineTx final : public Tx {
 public:
  explicit EngineTx(LmdbEngine& engine) : engine_(engine) {}

  Result<std::int64_t> next_id(const Table& table) override;
  Result<std::optional<Row>> find(const Table& table, std::int64_t id) override;
  Result<std::optional<Row>> find_by(const Table& table, std::size_t column,
                                     const Value& value) override;
  Result<void> insert(const Table& table, Row row) override;
  Result<void> update(const Table& table, const Row& row) override;
  Result<bool> erase(const Table& table, std::int64_t id) override;
  Result<void> append(OutboxEvent event) override;

 private:
  using IndexLayout = Layout::IndexLayout;
  using TableLayout = Layout::TableLayout;

  Result<std::optional<Row>> find_in(const TableLayout& table, std::int64_t id);
  /// kConflict when another row has one of the unique values of `row`. `before` is the row it
  /// replaces, or nullptr.
  Result<void> check_unique(const TableLayout& table, const Row& row, const Row* before);
  void add_to_index(const IndexLayout& index, const Row& row);
  void remove_from_index(const IndexLayout& index, const Row& row);

  LmdbEngine& engine_;
};

}  // namespace baedal::store::lmdb
