#include "platform/backup/new_folder.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace baedal::backup {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> failed(const char* what, const fs::path& path, const std::string& reason) {
  return unavailable("backup-io", path.string() + " cannot be " + what + ": " + reason + ".");
}

Result<void> sync(const fs::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = fd >= 0 && ::fsync(fd) == 0;
  const int error = errno;
  if (fd >= 0) ::close(fd);
  if (!synced) return failed("synced", path, std::strerror(error));
  return {};
}

Result<void> sync_tree(const fs::path& folder) {
  std::error_code error;
  for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end;
       it.increment(error)) {
    if (auto synced = sync(it->path()); !synced) return synced;
  }
  if (error) return failed("listed", folder, error.message());
  return sync(folder);
}

fs::path folder_above(const fs::path& path) { return path.parent_path(); }

}  // namespace

Result<NewFolder> NewFolder::begin(const fs::path& target, const std::string& suffix) {
  std::error_code error;
  fs::path whole = fs::absolute(target, error).lexically_normal();
  if (!whole.has_filename()) whole = whole.parent_path();  // "DIR/"
  if (fs::exists(whole, error) && !fs::is_empty(whole, error)) {
    return fail(ErrorKind::kConflict, "folder-not-empty",
                whole.string() + " is there already and not empty; nothing was changed.");
  }
  fs::path made = whole;
  made += suffix;
  fs::create_directories(folder_above(whole), error);
  if (error) return failed("made", folder_above(whole), error.message());
  if (!fs::create_directory(made, error)) {
    if (error) return failed("made", made, error.message());
    return fail(ErrorKind::kConflict, "folder-left-over",
                made.string() +
                    " is there: another one is at work, or was interrupted. Remove it "
                    "when nobody is.");
  }
  NewFolder folder(std::move(whole), std::move(made));
  fs::permissions(folder.made_, fs::perms::owner_all, error);
  return folder;
}

NewFolder::~NewFolder() {
  std::error_code ignored;
  if (!made_.empty()) fs::remove_all(made_, ignored);
}

Result<void> NewFolder::finish() {
  if (auto synced = sync_tree(made_); !synced) return synced;
  std::error_code error;
  fs::rename(made_, target_, error);
  if (error) {
    return failed("made", target_,
                  error.message() + ". A mount point cannot be replaced: name a folder below it");
  }
  made_.clear();
  return sync(folder_above(target_));
}

}  // namespace baedal::backup
