#pragma once

#include <filesystem>
#include <utility>

#include "kernel/error.hpp"

namespace baedal::store::lmdb {

/// The right to write in a folder: an flock on <folder>/writer.lock, held while it lives. LMDB
/// itself lets several processes write in turn, but the store keeps counters in memory.
class FolderLock {
 public:
  FolderLock() = default;
  FolderLock(FolderLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FolderLock& operator=(FolderLock&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~FolderLock();

  /// store-locked when someone else has it.
  [[nodiscard]] static Result<FolderLock> take(const std::filesystem::path& folder);

 private:
  explicit FolderLock(int fd) : fd_(fd) {}
  int fd_ = -1;
};

}  // namespace baedal::store::lmdb
