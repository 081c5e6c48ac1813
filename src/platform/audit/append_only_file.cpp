#include "platform/audit/append_only_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace baedal::audit {
namespace {

constexpr std::string_view kStream = "-";
constexpr std::chrono::seconds kLookPause{1};

}  // namespace

Result<AppendOnlyFile> AppendOnlyFile::open(std::string path) {
  AppendOnlyFile file(std::move(path), STDOUT_FILENO);
  if (file.open_again()) return file;
  return unavailable("audit-file",
                     file.path_ + " cannot be opened to append to: " + std::strerror(errno) + ".");
}

AppendOnlyFile AppendOnlyFile::standard_error() {
  AppendOnlyFile file(std::string{kStream}, STDERR_FILENO);
  file.fd_ = STDERR_FILENO;
  return file;
}

AppendOnlyFile::AppendOnlyFile(AppendOnlyFile&& other) noexcept
    : path_(std::move(other.path_)),
      stream_(other.stream_),
      fd_(std::exchange(other.fd_, -1)),
      device_(other.device_),
      inode_(other.inode_) {}

AppendOnlyFile::~AppendOnlyFile() {
  if (fd_ > STDERR_FILENO) ::close(fd_);
}

bool AppendOnlyFile::append(std::string_view line) {
  const std::lock_guard lock(mutex_);
  follow_rename();
  ssize_t written = -1;
  if (fd_ >= 0) {
    do {
      written = ::write(fd_, line.data(), line.size());
    } while (written < 0 && errno == EINTR);
  }
  if (written == static_cast<ssize_t>(line.size())) return true;
  // A full disk took a part of it: the next line must not be joined to that.
  if (written > 0) static_cast<void>(::write(fd_, "\n", 1));
  lost_.fetch_add(1, std::memory_order_relaxed);
  return false;
}

void AppendOnlyFile::follow_rename() {
  if (path_ == kStream) return;
  const auto now = std::chrono::steady_clock::now();
  if (now - looked_at_ < kLookPause) return;
  looked_at_ = now;
  struct stat status {};
  const bool same = fd_ >= 0 && ::stat(path_.c_str(), &status) == 0 && status.st_dev == device_ &&
                    status.st_ino == inode_;
  if (!same) open_again();
}

/// Leaves the present one open when that fails: better in the renamed file than nowhere.
bool AppendOnlyFile::open_again() {
  if (path_ == kStream) {
    fd_ = stream_;
    return true;
  }
  const int fd = ::open(path_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
  if (fd < 0) return false;
  struct stat status {};
  ::fstat(fd, &status);
  if (fd_ >= 0) ::close(fd_);
  fd_ = fd;
  device_ = status.st_dev;
  inode_ = status.st_ino;
  return true;
}

}  // namespace baedal::audit
