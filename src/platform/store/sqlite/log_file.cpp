#include "platform/store/sqlite/log_file.hpp"

#include <sqlite3.h>

#include <string>

namespace baedal::store::sqlite {
namespace {

constexpr const char* kName = "baedal-gathered-log";
/// SQLite's file system cuts a longer write by masking its length: whole multiples of 128 KiB would
/// become nothing, which it takes for a full disk.
constexpr std::size_t kGatheredBytesMax = 0x1FFFF;

/// The log as SQLite sees it; the system's file lies behind it in the same memory.
struct LogFile {
  sqlite3_file base;
  std::string* gathered;  ///< not yet written; lies one behind the other in the file
  sqlite3_int64 from;     ///< where it belongs
};

LogFile& log_of(sqlite3_file* file) { return *reinterpret_cast<LogFile*>(file); }

sqlite3_file* system_file(sqlite3_file* file) {
  return reinterpret_cast<sqlite3_file*>(&log_of(file) + 1);
}

const sqlite3_io_methods& methods(sqlite3_file* file) { return *system_file(file)->pMethods; }

int write_gathered(sqlite3_file* file) {
  LogFile& log = log_of(file);
  if (log.gathered->empty()) return SQLITE_OK;
  const int code = methods(file).xWrite(system_file(file), log.gathered->data(),
                                        static_cast<int>(log.gathered->size()), log.from);
  log.gathered->clear();  // its memory stays
  return code;
}

int close_log(sqlite3_file* file) {
  // The last commit is synced; what is left belongs to none.
  delete log_of(file).gathered;
  return methods(file).xClose(system_file(file));
}

int read_log(sqlite3_file* file, void* into, int bytes, sqlite3_int64 from) {
  if (const int code = write_gathered(file); code != SQLITE_OK) return code;
  return methods(file).xRead(system_file(file), into, bytes, from);
}

int write_log(sqlite3_file* file, const void* data, int bytes, sqlite3_int64 at) {
  LogFile& log = log_of(file);
  const auto end = log.from + static_cast<sqlite3_int64>(log.gathered->size());
  const auto size = static_cast<std::size_t>(bytes);
  if (at != end || log.gathered->size() + size > kGatheredBytesMax) {
    if (const int code = write_gathered(file); code != SQLITE_OK) return code;
  }
  if (log.gathered->empty()) log.from = at;
  log.gathered->append(static_cast<const char*>(data), size);
  return SQLITE_OK;
}

int truncate_log(sqlite3_file* file, sqlite3_int64 size) {
  if (const int code = write_gathered(file); code != SQLITE_OK) return code;
  return methods(file).xTruncate(system_file(file), size);
}

int sync_log(sqlite3_file* file, int flags) {
  if (const int code = write_gathered(file); code != SQLITE_OK) return code;
  return methods(file).xSync(system_file(file), flags);
}

int size_of_log(sqlite3_file* file, sqlite3_int64* size) {
  if (const int code = write_gathered(file); code != SQLITE_OK) return code;
  return methods(file).xFileSize(system_file(file), size);
}

int lock_log(sqlite3_file* file, int level) {
  return methods(file).xLock(system_file(file), level);
}

int unlock_log(sqlite3_file* file, int level) {
  return methods(file).xUnlock(system_file(file), level);
}

int check_reserved_lock(sqlite3_file* file, int* taken) {
  return methods(file).xCheckReservedLock(system_file(file), taken);
}

int control_log(sqlite3_file* file, int operation, void* argument) {
  return methods(file).xFileControl(system_file(file), operation, argument);
}

int sector_size(sqlite3_file* file) { return methods(file).xSectorSize(system_file(file)); }

int characteristics(sqlite3_file* file) {
  return methods(file).xDeviceCharacteristics(system_file(file));
}

constexpr sqlite3_io_methods kLogMethods{.iVersion = 1,
                                         .xClose = close_log,
                                         .xRead = read_log,
                                         .xWrite = write_log,
                                         .xTruncate = truncate_log,
                                         .xSync = sync_log,
                                         .xFileSize = size_of_log,
                                         .xLock = lock_log,
                                         .xUnlock = unlock_log,
                                         .xCheckReservedLock = check_reserved_lock,
                                         .xFileControl = control_log,
                                         .xSectorSize = sector_size,
                                         .xDeviceCharacteristics = characteristics,
                                         // A log is neither shared memory nor mapped.
                                         .xShmMap = nullptr,
                                         .xShmLock = nullptr,
                                         .xShmBarrier = nullptr,
                                         .xShmUnmap = nullptr,
                                         .xFetch = nullptr,
                                         .xUnfetch = nullptr};

sqlite3_vfs* system_vfs() {
  static sqlite3_vfs* const found = sqlite3_vfs_find(nullptr);
  return found;
}

/// Any file but a log is the system's own.
int open_file(sqlite3_vfs*, sqlite3_filename name, sqlite3_file* file, int flags, int* flags_out) {
  sqlite3_vfs* const system = system_vfs();
  if ((flags & SQLITE_OPEN_WAL) == 0) return system->xOpen(system, name, file, flags, flags_out);
  file->pMethods = nullptr;
  const int code = system->xOpen(system, name, system_file(file), flags, flags_out);
  if (code != SQLITE_OK) return code;
  log_of(file).gathered = new std::string;
  log_of(file).from = 0;
  file->pMethods = &kLogMethods;
  return SQLITE_OK;
}

sqlite3_vfs make_vfs() {
  sqlite3_vfs vfs = *system_vfs();
  vfs.szOsFile += static_cast<int>(sizeof(LogFile));
  vfs.pNext = nullptr;
  vfs.zName = kName;
  vfs.xOpen = open_file;
  return vfs;
}

}  // namespace

const char* log_gathering_vfs() {
  static sqlite3_vfs vfs = make_vfs();
  // Out of memory: then the opening says so, finding no file system of that name.
  static const int registered = sqlite3_vfs_register(&vfs, 0);
  return registered == SQLITE_OK ? kName : "";
}

}  // namespace baedal::store::sqlite
