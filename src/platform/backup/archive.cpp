#include "platform/backup/archive.hpp"

#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

namespace baedal::backup {
namespace {

namespace fs = std::filesystem;

Result<void> unpack_one(const fs::path& from, const Entry& entry, const fs::path& to) {
  std::error_code error;
  fs::create_directories(to.parent_path(), error);
  if (!fs::is_regular_file(from, error)) {
    return fail(ErrorKind::kInternal, "backup-damaged",
                "The backup is not whole: it has no file " + entry.path + ".");
  }
  const auto copied = copy_with_digest(from, to);
  if (!copied) return std::unexpected(copied.error());
  if (*copied != entry.digest) {
    return fail(ErrorKind::kInternal, "backup-damaged",
                "The backup is damaged: " + entry.path + " is not what was backed up.");
  }
  if (entry.length > entry.digest.bytes) fs::resize_file(to, entry.length, error);
  if (error) return unavailable("backup-io", to.string() + ": " + error.message() + ".");
  return {};
}

}  // namespace

Result<void> seal(const fs::path& folder, Manifest& manifest) {
  for (Entry& entry : manifest.files) {
    auto digest = digest_of(folder / entry.path);
    if (!digest) return pass_on(digest);
    entry.digest = std::move(*digest);
    entry.length = std::max(entry.length, entry.digest.bytes);
  }
  std::ofstream out(folder / kManifestFile, std::ios::binary);
  out << to_json(manifest);
  out.close();
  if (out) return {};
  return unavailable("backup-io", "The backup's manifest cannot be written: is the disk full?");
}

Result<Manifest> read_manifest(const fs::path& folder) {
  std::ifstream in(folder / kManifestFile, std::ios::binary);
  if (!in) {
    return fail(ErrorKind::kNotFound, "no-backup",
                folder.string() + " is no backup: it has no " + std::string(kManifestFile) + ".");
  }
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  return parse_manifest(text);
}

Result<void> unpack(const fs::path& folder, const Manifest& manifest, const fs::path& to) {
  for (const Entry& entry : manifest.files) {
    auto done = unpack_one(folder / entry.path, entry, to / entry.path);
    if (!done) return done;
  }
  return {};
}

}  // namespace baedal::backup
