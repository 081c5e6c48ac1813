#pragma once

#include <lmdb.h>

#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "platform/store/frozen.hpp"

namespace baedal::store {

/// An LMDB environment for a backup: frozen by its write lock, noted and copied by LMDB's own
/// compacting copy. That takes its snapshot before it gives its first byte, which comes through a
/// pipe, so that it is known when the writers may go on.
class FrozenLmdb final : public Frozen {
 public:
  /// The folder of an environment that is there already.
  static Result<std::unique_ptr<FrozenLmdb>> open(const std::filesystem::path& folder);
  ~FrozenLmdb() override;
  FrozenLmdb(const FrozenLmdb&) = delete;
  FrozenLmdb& operator=(const FrozenLmdb&) = delete;

  /// Waits for the group in hand however long that takes: LMDB's lock knows no deadline. Groups are
  /// short, and the lock of a process that died is free.
  Result<void> freeze(std::chrono::steady_clock::time_point deadline) override;
  void release() override;
  /// Gives the size of the memory map, which the file of a store always has.
  Result<std::uint64_t> copy_to(const std::filesystem::path& file) override;

 private:
  FrozenLmdb() = default;
  Result<void> begin_copy();
  bool receive(std::string& chunk);
  void end_copy();

  MDB_env* env_ = nullptr;
  MDB_txn* lock_ = nullptr;
  std::thread copier_;  ///< writes the copy into the pipe
  int copied_ = 0;      ///< how it ended; after it was joined
  int pipe_ = -1;       ///< to read the copy from
  std::string first_chunk_;
};

/// As skip_ids_in_sqlite.
[[nodiscard]] Result<void> skip_ids_in_lmdb(const std::filesystem::path& folder,
                                            std::int64_t count);

}  // namespace baedal::store
