#pragma once

#include <lmdb.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/error.hpp"
#include "platform/store/lmdb/write_set.hpp"
#include "platform/store/store.hpp"

namespace baedal::store::lmdb {

/// The databases inside one environment, and their handles:
///   meta          schema number, uid, counters
///   outbox        seq → event
///   once          key → fingerprint, time, answer
///   once-time     time + key → nothing, for the sweep
///   t:<table>     id → row
///   i:<table>.<column>   cell → its ids, sorted (so that a list by an index has its ties by id,
///   and
///                 a whole value is counted or skipped at once)
class Layout {
 public:
  enum class Kind {
    kRecord,  ///< key → value
    kPair,  ///< (cell, id): written as one id under the cell's key; the last 8 key bytes are the id
    kLookup,  ///< unique cell → id, as the group sees it: read only, kPair writes it
  };
  struct Space {
    std::string name;
    Kind kind;
    MDB_dbi dbi = 0;
  };
  struct IndexLayout {
    std::size_t column;
    bool unique;
    WriteSet::Space pairs;
    WriteSet::Space lookup;
  };
  struct TableLayout {
    const Table* table;
    std::size_t position;  ///< among the tables
    WriteSet::Space rows;
    std::vector<IndexLayout> indexes;
    std::size_t columns_always;  ///< of those that were not added later

    [[nodiscard]] const IndexLayout* index_on(std::size_t column) const;
  };

  static constexpr WriteSet::Space kMeta = 0, kOutbox = 1, kOnce = 2, kOnceTime = 3;

  explicit Layout(const std::vector<const Table*>& tables);

  /// Opens every database in `txn`; makes them in an empty environment when `create`, and then also
  /// the one table, and the added columns, that were not there yet when the environment was
  /// written. Refuses what another schema ("schema-changed") or another program ("store-foreign")
  /// made.
  Result<void> open(MDB_txn* txn, bool create);

  /// A table that is not of this store is a programmer error.
  [[nodiscard]] const TableLayout& of(const Table& table) const;
  [[nodiscard]] const std::vector<TableLayout>& tables() const { return tables_; }
  [[nodiscard]] const Space& space(WriteSet::Space at) const { return spaces_[at]; }
  [[nodiscard]] MDB_dbi dbi(WriteSet::Space at) const { return spaces_[at].dbi; }
  [[nodiscard]] std::size_t size() const { return spaces_.size(); }
  /// Drawn when the environment was made.
  [[nodiscard]] const std::string& uid() const { return uid_; }

 private:
  WriteSet::Space add(std::string name, Kind kind);
  Result<void> check_schema(MDB_txn* txn, bool create);
  Result<void> write_identity(MDB_txn* txn);
  [[nodiscard]] bool has_grown_from(std::int64_t schema_number) const;

  std::vector<Space> spaces_;
  std::vector<TableLayout> tables_;
  std::int64_t schema_number_;
  std::string uid_;
};

/// Numbers kept in the meta database. Missing ones are `otherwise`.
[[nodiscard]] Result<std::int64_t> read_number(MDB_txn* txn, MDB_dbi meta, std::string_view name,
                                               std::int64_t otherwise);
[[nodiscard]] std::string next_id_name(const Table& table);
[[nodiscard]] std::string row_count_name(const Table& table);
inline constexpr std::string_view kNextSeqName = "next:outbox";

}  // namespace baedal::store::lmdb
