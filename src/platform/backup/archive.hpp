#pragma once

#include <filesystem>

#include "kernel/error.hpp"
#include "platform/backup/manifest.hpp"

namespace baedal::backup {

/// Adds the digests of the files that lie in `folder`, and writes the manifest beside them.
[[nodiscard]] Result<void> seal(const std::filesystem::path& folder, Manifest& manifest);

/// The manifest of a backup. Nothing else is looked at yet.
[[nodiscard]] Result<Manifest> read_manifest(const std::filesystem::path& folder);

/// Copies every file of the backup below `to`, with the length it is to have. kInternal, naming the
/// file, when one is missing or is not what was backed up.
[[nodiscard]] Result<void> unpack(const std::filesystem::path& folder, const Manifest& manifest,
                                  const std::filesystem::path& to);

}  // namespace baedal::backup
