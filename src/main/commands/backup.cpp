// baedal backup and restore: all stores and the event log as they were at one instant. What that
// instant means, and what comes right by itself after a restore, is docs/backup.md.
#include <sys/stat.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "main/backup_sources.hpp"
#include "main/build_info.hpp"
#include "main/commands/support.hpp"
#include "platform/backup/archive.hpp"
#include "platform/backup/new_folder.hpp"
#include "platform/clock/system_clock.hpp"
#include "platform/messaging/embedded/frozen_log.hpp"
#include "platform/store/lmdb/frozen_lmdb.hpp"
#include "platform/store/sqlite/frozen_sqlite.hpp"

namespace baedal::commands {
namespace {

namespace fs = std::filesystem;
using SteadyClock = std::chrono::steady_clock;

/// How long writers may be kept waiting: below the patience of a server's writer, two seconds.
constexpr std::chrono::milliseconds kFreezeMax{1'500};

/// Lets all writers go on, however the scope is left.
class ReleaseAtEnd {
 public:
  explicit ReleaseAtEnd(BackupSources& sources) : sources_(sources) {}
  ~ReleaseAtEnd() {
    for (BackupSource& source : sources_.stores) source.store->release();
  }
  ReleaseAtEnd(const ReleaseAtEnd&) = delete;
  ReleaseAtEnd& operator=(const ReleaseAtEnd&) = delete;

 private:
  BackupSources& sources_;
};

/// The one instant: all stores are held, then the log is looked at, then all go on.
Result<void> note_everything(BackupSources& sources, messaging::FrozenLog& log) {
  const auto deadline = SteadyClock::now() + kFreezeMax;
  const ReleaseAtEnd release(sources);
  for (BackupSource& source : sources.stores) {
    auto frozen = source.store->freeze(deadline);
    if (!frozen) {
      frozen.error().detail = source.path + ": " + frozen.error().detail;
      return frozen;
    }
  }
  if (sources.event_log.empty()) return {};
  return log.note();
}

Result<void> make_folder_of(const fs::path& file) {
  std::error_code error;
  fs::create_directories(file.parent_path(), error);
  if (!error) return {};
  return unavailable("backup-io", file.parent_path().string() + ": " + error.message() + ".");
}

Result<void> copy_stores(BackupSources& sources, const fs::path& to, backup::Manifest& manifest) {
  for (BackupSource& source : sources.stores) {
    if (auto made = make_folder_of(to / source.path); !made) return made;
    auto length = source.store->copy_to(to / source.path);
    if (!length) return pass_on(length);
    source.store.reset();
    manifest.files.push_back({.path = source.path, .kind = source.kind, .length = *length});
  }
  return {};
}

Result<void> write_texts(const BackupSources& sources, const fs::path& to,
                         backup::Manifest& manifest) {
  for (const BackupText& file : sources.texts) {
    if (auto made = make_folder_of(to / file.path); !made) return made;
    std::ofstream out(to / file.path, std::ios::binary);
    out << file.text;
    out.close();
    if (!out) return unavailable("backup-io", file.path + " cannot be written: is the disk full?");
    manifest.files.push_back({.path = file.path, .kind = "file"});
  }
  return {};
}

Result<void> copy_log(const messaging::FrozenLog& log, const std::string& folder,
                      const fs::path& to, backup::Manifest& manifest) {
  if (folder.empty()) return {};
  if (auto copied = log.copy_to(to / folder); !copied) return copied;
  std::error_code error;
  for (fs::recursive_directory_iterator it(to / folder, error), end; !error && it != end;
       it.increment(error)) {
    if (!it->is_regular_file()) continue;
    const std::string path = it->path().lexically_relative(to).generic_string();
    manifest.files.push_back({.path = path, .kind = "file"});
  }
  if (error) return unavailable("backup-io", folder + ": " + error.message() + ".");
  return {};
}

/// What the data folder holds, into the new folder `to`.
Result<backup::Manifest> write_backup(const config::Settings& settings, const fs::path& to,
                                      std::chrono::microseconds& held) {
  const fs::path data = settings.text("data.dir");
  auto folder = backup::NewFolder::begin(to, ".partial");
  if (!folder) return pass_on(folder);
  auto sources = open_backup_sources(settings);
  if (!sources) return pass_on(sources);
  auto log = messaging::FrozenLog::open(data / sources->event_log);
  if (!log) return pass_on(log);
  const auto begun = SteadyClock::now();
  backup::Manifest manifest{.program = std::string{kVersion}, .commit = std::string{kGitCommit}};
  if (auto noted = note_everything(*sources, *log); !noted) return pass_on(noted);
  held = std::chrono::duration_cast<std::chrono::microseconds>(SteadyClock::now() - begun);
  manifest.taken_at = SystemClock{}.now();
  for (const std::string& role : sources->missing) {
    std::printf("%s: nothing there yet\n", role.c_str());
  }
  auto done = copy_stores(*sources, folder->path(), manifest);
  if (done) done = write_texts(*sources, folder->path(), manifest);
  if (done) done = copy_log(*log, sources->event_log, folder->path(), manifest);
  if (done) done = backup::seal(folder->path(), manifest);
  if (done) done = folder->finish();
  if (!done) return pass_on(done);
  return manifest;
}

Result<void> skip_ids(const backup::Manifest& manifest, const fs::path& data, std::int64_t count) {
  if (count == 0) return {};
  for (const backup::Entry& entry : manifest.files) {
    Result<void> skipped;
    if (entry.kind == "sqlite") skipped = store::skip_ids_in_sqlite(data / entry.path, count);
    if (entry.kind == "lmdb") {
      skipped = store::skip_ids_in_lmdb((data / entry.path).parent_path(), count);
    }
    if (!skipped) {
      skipped.error().detail = entry.path + ": " + skipped.error().detail;
      return skipped;
    }
  }
  return {};
}

Result<backup::Manifest> make_data_folder(const RestoreRequest& request, const fs::path& data) {
  auto manifest = backup::read_manifest(request.from);
  if (!manifest) return manifest;
  auto folder = backup::NewFolder::begin(data, ".restoring");
  if (!folder) return pass_on(folder);
  auto done = backup::unpack(request.from, *manifest, folder->path());
  if (done) done = skip_ids(*manifest, folder->path(), request.skip_ids);
  if (done) done = folder->finish();
  if (!done) return pass_on(done);
  return manifest;
}

std::uint64_t bytes_of(const backup::Manifest& manifest) {
  std::uint64_t bytes = 0;
  for (const backup::Entry& entry : manifest.files) bytes += entry.digest.bytes;
  return bytes;
}

/// What a backup holds is for its owner only: it has customers' tokens of payment.
void keep_to_owner() { ::umask(S_IRWXG | S_IRWXO); }

}  // namespace

int backup(const std::string& to, const Flags& flags) {
  const auto settings = settings_or_complain(flags);
  if (!settings) return 2;
  if (!fs::is_directory(settings->text("data.dir"))) {
    complain("There is no data folder " + settings->text("data.dir") + ".");
    return 1;
  }
  keep_to_owner();
  std::chrono::microseconds held{0};
  const auto manifest = write_backup(*settings, to, held);
  if (!manifest) {
    complain(manifest.error().detail);
    return 1;
  }
  std::printf("%s: as of %s, %zu files, %llu bytes; writers waited %lld us\n", to.c_str(),
              manifest->taken_at.iso8601().c_str(), manifest->files.size(),
              static_cast<unsigned long long>(bytes_of(*manifest)),
              static_cast<long long>(held.count()));
  return 0;
}

int restore(const RestoreRequest& request, const Flags& flags) {
  const auto settings = settings_or_complain(flags);
  if (!settings) return 2;
  keep_to_owner();
  const std::string& data = settings->text("data.dir");
  const auto manifest = make_data_folder(request, data);
  if (!manifest) {
    complain(manifest.error().detail);
    return 1;
  }
  std::printf("%s: as of %s, %zu files, %llu bytes, from version %s\n", data.c_str(),
              manifest->taken_at.iso8601().c_str(), manifest->files.size(),
              static_cast<unsigned long long>(bytes_of(*manifest)), manifest->program.c_str());
  return 0;
}

}  // namespace baedal::commands
