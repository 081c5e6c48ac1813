#pragma once

#include <memory>

#include "platform/store/frozen.hpp"
#include "platform/store/sqlite/database.hpp"

namespace baedal::store {

/// A SQLite file for a backup: frozen by its write lock, noted by a read transaction, copied by
/// SQLite's backup interface out of that transaction.
class FrozenSqlite final : public Frozen {
 public:
  /// `path` is there already; kInternal when it is no database.
  static Result<std::unique_ptr<FrozenSqlite>> open(const std::filesystem::path& path);

  Result<void> freeze(std::chrono::steady_clock::time_point deadline) override;
  void release() override;
  Result<std::uint64_t> copy_to(const std::filesystem::path& file) override;

 private:
  FrozenSqlite() = default;

  sqlite::Connection lock_;
  sqlite::Connection reader_;
};

/// Lets `count` ids of each table, and as many numbers of the outbox, be given to nothing: what was
/// given after a backup was taken is then not given again to something else. The file is closed.
[[nodiscard]] Result<void> skip_ids_in_sqlite(const std::filesystem::path& path,
                                              std::int64_t count);

}  // namespace baedal::store
