#pragma once

#include <filesystem>
#include <string>
#include <utility>

#include "kernel/error.hpp"

namespace baedal::backup {

/// A folder that is there whole, or not at all: made beside its place under another name, and
/// renamed when everything in it is on the disk. Only its owner may read what is in it. Removed
/// again when it was not finished.
class NewFolder {
 public:
  /// `target` must not be there, or be empty. `suffix` is that of the name meanwhile; a folder of
  /// that name, left over from a process that was killed, is refused and named.
  static Result<NewFolder> begin(const std::filesystem::path& target, const std::string& suffix);
  NewFolder(NewFolder&& other) noexcept
      : target_(std::move(other.target_)), made_(std::exchange(other.made_, {})) {}
  NewFolder& operator=(NewFolder&&) = delete;
  ~NewFolder();

  /// Where to make its files.
  [[nodiscard]] const std::filesystem::path& path() const { return made_; }

  /// Syncs every file and folder in it, and gives it its name, durably.
  Result<void> finish();

 private:
  NewFolder(std::filesystem::path target, std::filesystem::path made)
      : target_(std::move(target)), made_(std::move(made)) {}

  std::filesystem::path target_;
  std::filesystem::path made_;  ///< empty when finished or moved from
};

}  // namespace baedal::backup
