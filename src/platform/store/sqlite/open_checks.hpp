#pragma once

#include <chrono>
#include <span>
#include <string>
#include <utility>

#include "kernel/error.hpp"
#include "platform/store/sqlite/database.hpp"
#include "platform/store/table.hpp"

namespace baedal::store::sqlite {

/// Opens (or makes) the database for writing in WAL mode and reads it for damage: the schema
/// always, every page when the file is small. The errors are sentences for the operator and name
/// the file.
[[nodiscard]] Result<void> open_checked(Connection& db, const std::string& path,
                                        std::chrono::milliseconds patience);

/// Whether the database has the table with its id, columns and indexes.
[[nodiscard]] Result<void> check_table(Connection& db, const Table& table);

/// Draws the uid of a new database, and brings table_stats in line with `tables` where it has no
/// entry or a migration asked for it.
[[nodiscard]] Result<void> complete_bookkeeping(Connection& db,
                                                std::span<const Table* const> tables);

/// Holds "<path>.lock" while it lives, so that a second server on the same file is refused with a
/// clear sentence instead of fighting for the write lock. Ends with the process, however it ends.
class FileLock {
 public:
  FileLock() = default;
  FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FileLock& operator=(FileLock&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~FileLock();
  [[nodiscard]] static Result<FileLock> take(const std::string& path);

 private:
  int descriptor_ = -1;
};

}  // namespace baedal::store::sqlite
