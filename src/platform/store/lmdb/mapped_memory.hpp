#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>

namespace baedal::store::lmdb {

/// Bytes of files, mapped by any part of this process, that the system counts as its memory.
[[nodiscard]] std::size_t mapped_bytes_resident();

/// Bytes that the maps of `file` in this process had given back to the system, which keeps them in
/// its own cache as long as it has room: what is read again costs a minor fault for 64 KiB. Reads
/// may go on meanwhile. 0: it is not mapped.
std::size_t release_maps_of(const std::filesystem::path& file);

/// Bounds what a mapped file adds to the memory of this process. Whatever LMDB reads or writes of
/// its file stays counted as memory of the process until the map moves: with all rows ever written
/// it grew by 1.6 MB a second under full load, and a container's limit counts that. Looked at
/// behind commits: what is only read stays counted until the next one.
class MappedMemory {
 public:
  static constexpr std::size_t kResidentBytesMax = std::size_t{80} << 20;  ///< program included
  static constexpr std::chrono::seconds kInterval{1};

  explicit MappedMemory(std::filesystem::path file) : file_(std::move(file)) {}

  /// Gives the maps back when there is too much of them; looks once in an interval. One thread.
  void trim();

 private:
  std::filesystem::path file_;
  std::chrono::steady_clock::time_point looked_at_{};
};

}  // namespace baedal::store::lmdb
