#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/error.hpp"
#include "kernel/timestamp.hpp"
#include "platform/backup/digest.hpp"

namespace baedal::backup {

/// One file of a backup.
struct Entry {
  std::string path;          ///< below the data folder, with '/'
  std::string kind;          ///< what it is: "sqlite", "lmdb", "file"
  std::uint64_t length = 0;  ///< in the data folder: its bytes, then holes
  Digest digest{};           ///< as it lies in the backup
  friend bool operator==(const Entry&, const Entry&) = default;
};

/// The contents of a backup, kept in it as MANIFEST.json.
struct Manifest {
  std::string program;  ///< the version that made it
  std::string commit;
  Timestamp taken_at{};  ///< the instant that all files show
  std::vector<Entry> files{};
  friend bool operator==(const Manifest&, const Manifest&) = default;
};

inline constexpr std::string_view kManifestFile = "MANIFEST.json";

[[nodiscard]] std::string to_json(const Manifest& manifest);

/// kInvalid with a sentence when it is no manifest, one of a newer program, or names files that
/// would lie outside the data folder.
[[nodiscard]] Result<Manifest> parse_manifest(std::string_view text);

}  // namespace baedal::backup
