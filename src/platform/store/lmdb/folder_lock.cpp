#include "platform/store/lmdb/folder_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

#include "platform/store/lmdb/environment.hpp"

namespace baedal::store::lmdb {

FolderLock::~FolderLock() {
  if (fd_ >= 0) ::close(fd_);
}

Result<FolderLock> FolderLock::take(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / "writer.lock";
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  if (fd < 0) return lmdb_error(errno, "open");
  FolderLock lock(fd);
  if (::flock(fd, LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno != EWOULDBLOCK) return lmdb_error(errno, "open");
  return fail(ErrorKind::kConflict, "store-locked",
              "The store is open for writing already. Stop the other process that serves from "
              "this folder, or choose another folder.");
}

}  // namespace baedal::store::lmdb
