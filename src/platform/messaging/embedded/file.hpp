#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "kernel/error.hpp"

namespace baedal::messaging {

enum class IoOperation { kWrite, kSync, kTruncate, kCreate };

/// Lets tests make the n-th file operation fail. Called from every thread that writes.
class IoFaults {
 public:
  virtual ~IoFaults() = default;
  /// 0 to go on, else the errno to fail with. A write that is to fail first writes
  /// `partial_bytes` of its bytes, as a disk that fills up does.
  virtual int next(IoOperation operation, std::size_t& partial_bytes) = 0;
};

/// An open file; closed with the object. Positional reads and writes only, so that any thread may
/// use it. Errors are kUnavailable and name the file, without its folder.
class File {
 public:
  enum class Mode { kRead, kWrite, kCreate };

  static Result<File> open(const std::filesystem::path& path, Mode mode,
                           IoFaults* faults = nullptr);
  File(File&& other) noexcept;
  File& operator=(File&& other) noexcept;
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File();

  /// Writes all of `bytes`, or fails having written some.
  Result<void> write_at(std::uint64_t position, std::span<const char> bytes) const;
  /// Reads up to bytes.size(); fewer only at the end of the file.
  Result<std::size_t> read_at(std::uint64_t position, std::span<char> bytes) const;
  /// fdatasync.
  Result<void> sync() const;
  Result<void> truncate(std::uint64_t size) const;
  [[nodiscard]] Result<std::uint64_t> size() const;
  /// Takes the file's exclusive lock (flock), kept until closed; false when another process has it.
  [[nodiscard]] bool try_lock() const;
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  File(int fd, std::string name, IoFaults* faults);
  [[nodiscard]] std::unexpected<Error> failed(const char* what, int error) const;

  int fd_ = -1;
  std::string name_;
  IoFaults* faults_ = nullptr;
};

/// Makes the names created, renamed or removed in `folder` durable.
Result<void> sync_folder(const std::filesystem::path& folder);

}  // namespace baedal::messaging
