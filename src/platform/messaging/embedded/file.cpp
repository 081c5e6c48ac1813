#include "platform/messaging/embedded/file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace baedal::messaging {
namespace {

std::unexpected<Error> io_error(const char* what, const std::string& name, int error) {
  return unavailable("log-io", std::string("cannot ") + what + " '" + name +
                                   "': " + std::generic_category().message(error));
}

int open_flags(File::Mode mode) {
  switch (mode) {
    case File::Mode::kRead:
      return O_RDONLY | O_CLOEXEC;
    case File::Mode::kWrite:
      return O_RDWR | O_CLOEXEC;
    case File::Mode::kCreate:
      return O_RDWR | O_CREAT | O_CLOEXEC;
  }
  return O_RDONLY | O_CLOEXEC;
}

}  // namespace

Result<File> File::open(const std::filesystem::path& path, Mode mode, IoFaults* faults) {
  std::size_t partial = 0;
  if (faults != nullptr && mode == Mode::kCreate) {
    if (const int error = faults->next(IoOperation::kCreate, partial); error != 0) {
      return io_error("open", path.filename().string(), error);
    }
  }
  const int fd = ::open(path.c_str(), open_flags(mode), 0640);
  if (fd < 0) return io_error("open", path.filename().string(), errno);
  return File(fd, path.filename().string(), faults);
}

File::File(int fd, std::string name, IoFaults* faults)
    : fd_(fd), name_(std::move(name)), faults_(faults) {}

File::File(File&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), name_(std::move(other.name_)), faults_(other.faults_) {}

File& File::operator=(File&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(name_, other.name_);
  std::swap(faults_, other.faults_);
  return *this;
}

File::~File() {
  if (fd_ >= 0) ::close(fd_);
}

Result<void> File::write_at(std::uint64_t position, std::span<const char> bytes) const {
  int injected = 0;
  if (faults_ != nullptr) {
    std::size_t partial = 0;
    injected = faults_->next(IoOperation::kWrite, partial);
    if (injected != 0) bytes = bytes.first(std::min(partial, bytes.size()));
  }
  while (!bytes.empty()) {
    const ssize_t wrote = ::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(position));
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return failed("write", errno);
    position += static_cast<std::uint64_t>(wrote);
    bytes = bytes.subspan(static_cast<std::size_t>(wrote));
  }
  if (injected != 0) return failed("write", injected);
  return {};
}

Result<std::size_t> File::read_at(std::uint64_t position, std::span<char> bytes) const {
  std::size_t have = 0;
  while (have < bytes.size()) {
    const ssize_t got =
        ::pread(fd_, bytes.data() + have, bytes.size() - have, static_cast<off_t>(position + have));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed("read", errno);
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  return have;
}

Result<void> File::sync() const {
  std::size_t partial = 0;
  if (faults_ != nullptr) {
    if (const int error = faults_->next(IoOperation::kSync, partial); error != 0) {
      return failed("sync", error);
    }
  }
  if (::fdatasync(fd_) != 0) return failed("sync", errno);
  return {};
}

Result<void> File::truncate(std::uint64_t size) const {
  std::size_t partial = 0;
  if (faults_ != nullptr) {
    if (const int error = faults_->next(IoOperation::kTruncate, partial); error != 0) {
      return failed("truncate", error);
    }
  }
  if (::ftruncate(fd_, static_cast<off_t>(size)) != 0) return failed("truncate", errno);
  return {};
}

Result<std::uint64_t> File::size() const {
  struct stat status {};
  if (::fstat(fd_, &status) != 0) return failed("stat", errno);
  return static_cast<std::uint64_t>(status.st_size);
}

bool File::try_lock() const { return ::flock(fd_, LOCK_EX | LOCK_NB) == 0; }

std::unexpected<Error> File::failed(const char* what, int error) const {
  return io_error(what, name_, error);
}

Result<void> sync_folder(const std::filesystem::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return io_error("open", folder.filename().string(), errno);
  const int error = ::fsync(fd) == 0 ? 0 : errno;
  ::close(fd);
  if (error != 0) return io_error("sync", folder.filename().string(), error);
  return {};
}

}  // namespace baedal::messaging
