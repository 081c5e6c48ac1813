#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "kernel/error.hpp"

namespace baedal::audit {

/// A file that lines are appended to, each by one write, so that processes may share it and none is
/// cut in two. When it was renamed or removed, as logrotate does, a new one is begun within a
/// second. Not synced: what a crash of the process leaves is whole, what a power loss leaves lacks
/// the last lines. Any thread.
class AppendOnlyFile {
 public:
  /// `path`: "-" for standard output. kUnavailable when it cannot be opened.
  static Result<AppendOnlyFile> open(std::string path);
  /// For whoever's standard output is their answer.
  static AppendOnlyFile standard_error();
  AppendOnlyFile(AppendOnlyFile&& other) noexcept;
  AppendOnlyFile& operator=(AppendOnlyFile&&) = delete;
  ~AppendOnlyFile();

  /// Whether the line, which ends with '\n', was written.
  bool append(std::string_view line);

  /// Lines that could not be written.
  [[nodiscard]] std::uint64_t lost() const { return lost_.load(std::memory_order_relaxed); }

 private:
  AppendOnlyFile(std::string path, int stream) : path_(std::move(path)), stream_(stream) {}
  bool open_again();
  void follow_rename();

  std::string path_;
  int stream_;        ///< of the process, when `path_` names none of its own
  std::mutex mutex_;  ///< the four below
  int fd_ = -1;
  dev_t device_ = 0;
  ino_t inode_ = 0;
  std::chrono::steady_clock::time_point looked_at_{};
  std::atomic<std::uint64_t> lost_{0};
};

}  // namespace baedal::audit
