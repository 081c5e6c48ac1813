#include "platform/store/lmdb/environment.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace baedal::store::lmdb {

namespace {

constexpr unsigned kMaxReaders = 126;
constexpr const char* kRebuild =
    "Stop the service, and restore the folder from a backup or delete it: a view is rebuilt from "
    "the events.";

/// Threads spread over the slots, each coming back to its own.
std::size_t slot_of_this_thread() {
  static std::atomic<std::size_t> next{0};
  thread_local const std::size_t mine = next.fetch_add(1, std::memory_order_relaxed);
  return mine;
}

/// The existence of a new file is durable only when its folder is.
void sync_folder(const std::filesystem::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  ::fsync(fd);
  ::close(fd);
}

}  // namespace

/// Holds every slot: no read is in progress, none begins, and no snapshot is open.
class Environment::Exclusive {
 public:
  explicit Exclusive(Environment& environment) {
    // A long list may keep one slot for seconds. It is waited for with the others free, so that
    // short reads go on meanwhile; only when that never comes to an end, they have to wait as well.
    for (int round = 0; round < kPoliteRounds; ++round) {
      Slot* const busy = try_all(environment);
      if (busy == nullptr) {
        end_all(environment);
        return;
      }
      holds_ = {};
      const std::lock_guard wait(busy->mutex);
    }
    for (std::size_t i = 0; i < holds_.size(); ++i) {
      holds_[i] = std::unique_lock(environment.slots_[i].mutex);
    }
    end_all(environment);
  }

 private:
  static constexpr int kPoliteRounds = 1000;

  /// The first slot that is in use; nullptr when all are held.
  Slot* try_all(Environment& environment) {
    for (std::size_t i = 0; i < holds_.size(); ++i) {
      holds_[i] = std::unique_lock(environment.slots_[i].mutex, std::try_to_lock);
      if (!holds_[i].owns_lock()) return &environment.slots_[i];
    }
    return nullptr;
  }

  static void end_all(Environment& environment) {
    for (Slot& slot : environment.slots_) slot.end();
  }

  std::array<std::unique_lock<std::mutex>, std::tuple_size_v<decltype(slots_)>> holds_;
};

void ReadSlot::end() {
  if (is_open.exchange(false)) mdb_txn_reset(txn);
}

ReadTxn::ReadTxn(const Environment& environment, ReadSlot& slot, std::unique_lock<std::mutex> hold)
    : environment_(environment), slot_(slot), txn_(slot.txn), hold_(std::move(hold)) {}

ReadTxn::~ReadTxn() {
  if (hold_.owns_lock() && !(keeps_ && environment_.is_fresh(slot_))) slot_.end();
}

Result<std::unique_ptr<Environment>> Environment::open(EnvironmentOptions options,
                                                       Prepare prepare) {
  std::unique_ptr<Environment> environment(new Environment(std::move(options), std::move(prepare)));
  auto opened = environment->open_all();
  if (!opened) return pass_on(opened);
  return environment;
}

Environment::~Environment() {
  const Exclusive exclusive(*this);
  close();
}

Result<ReadTxn> Environment::read() {
  for (int attempt = 0; attempt < 2; ++attempt) {
    std::unique_lock<std::mutex> hold;
    Slot& slot = free_slot(hold);
    if (env_ == nullptr) return unavailable("store-closed", "The store's files cannot be opened.");
    const int code = open_snapshot(slot);
    if (code == MDB_SUCCESS) return ReadTxn(*this, slot, std::move(hold));
    hold.unlock();
    if (code != MDB_MAP_RESIZED) return lmdb_error(code, "read");
    if (auto followed = follow_resize(); !followed) return pass_on(followed);
  }
  return lmdb_error(MDB_MAP_RESIZED, "read");
}

/// A renewed one costs no allocation and no search for a reader's place.
int Environment::open_snapshot(Slot& slot) const {
  if (slot.is_open.load(std::memory_order_relaxed)) {
    if (is_fresh(slot)) return MDB_SUCCESS;
    slot.end();
  }
  // Before the snapshot is taken: what is committed in between it may show or not.
  slot.of_commit = commits_.load(std::memory_order_acquire);
  const int code = slot.txn == nullptr ? mdb_txn_begin(env_, nullptr, MDB_RDONLY, &slot.txn)
                                       : mdb_txn_renew(slot.txn);
  slot.is_open = code == MDB_SUCCESS;
  return code;
}

/// LMDB writes over no page that an open snapshot may show. One in use ends itself when its read
/// is over; one that just misses this is met at the next commit.
void Environment::end_old_snapshots() {
  for (Slot& slot : slots_) {
    if (!slot.is_open) continue;
    const std::unique_lock hold(slot.mutex, std::try_to_lock);
    if (hold.owns_lock()) slot.end();
  }
}

Environment::Slot& Environment::free_slot(std::unique_lock<std::mutex>& hold) {
  const std::size_t mine = slot_of_this_thread();
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    Slot& slot = slots_[(mine + i) % slots_.size()];
    hold = std::unique_lock(slot.mutex, std::try_to_lock);
    if (hold.owns_lock()) return slot;
  }
  Slot& slot = slots_[mine % slots_.size()];
  hold = std::unique_lock(slot.mutex);
  return slot;
}

Result<WriteTxn> Environment::begin_write() {
  if (env_ == nullptr) {
    if (auto opened = reopen(); !opened) return pass_on(opened);
  }
  MDB_txn* txn = nullptr;
  int code = mdb_txn_begin(env_, nullptr, 0, &txn);
  if (code == MDB_PANIC) {
    if (auto opened = reopen(); !opened) return pass_on(opened);
    code = mdb_txn_begin(env_, nullptr, 0, &txn);
  }
  if (code != MDB_SUCCESS) return lmdb_error(code, "begin a transaction");
  return WriteTxn(txn);
}

int Environment::commit(WriteTxn txn) {
  const int code = mdb_txn_commit(txn.release());
  commits_.fetch_add(1);
  end_old_snapshots();
  mapped_.trim();
  return code;
}

Result<void> Environment::grow() {
  const std::size_t present = map_size();
  const std::size_t next = std::min(present * 2, options_.map_size_max);
  if (next <= present) return lmdb_error(MDB_MAP_FULL, "write");
  // A snapshot that a killed process left behind would keep old pages for ever.
  int dead = 0;
  mdb_reader_check(env_, &dead);
  const Exclusive exclusive(*this);
  return resize(next);
}

Result<void> Environment::reopen() {
  const Exclusive exclusive(*this);
  close();
  return open_all();
}

Result<void> Environment::open_all() {
  auto done = open_environment();
  if (done) done = check_length();
  if (done && !options_.read_only && map_size() < options_.map_size_initial) {
    done = resize(options_.map_size_initial);
  }
  if (done) done = run_prepare();
  if (!done) close();
  return done;
}

Result<void> Environment::open_environment() {
  std::error_code ignored;
  const bool is_new = !std::filesystem::exists(data_file(), ignored);
  if (const int code = mdb_env_create(&env_); code != MDB_SUCCESS) {
    env_ = nullptr;
    return lmdb_error(code, "open");
  }
  mdb_env_set_maxreaders(env_, kMaxReaders);
  mdb_env_set_maxdbs(env_, options_.databases_max);
  // Without a size LMDB takes the one that the file remembers, which check_length() needs.
  if (is_new) mdb_env_set_mapsize(env_, options_.map_size_initial);
  const unsigned flags = MDB_NOTLS | (options_.read_only ? MDB_RDONLY : 0U);
  const int code = mdb_env_open(env_, options_.folder.c_str(), flags, 0640);
  if (code != MDB_SUCCESS) return lmdb_error(code, "open");
  if (is_new) {
    sync_folder(options_.folder);
    sync_folder(std::filesystem::absolute(options_.folder).parent_path());
  }
  int dead = 0;
  mdb_reader_check(env_, &dead);
  return {};
}

Result<void> Environment::check_length() {
  MDB_envinfo info{};
  mdb_env_info(env_, &info);
  std::error_code code;
  const std::uintmax_t length = std::filesystem::file_size(data_file(), code);
  if (code) return lmdb_error(code.value(), "open");
  map_size_ = info.me_mapsize;
  if (length >= info.me_mapsize) return {};
  // A store that never committed anything may have been left before its file had its length.
  if (info.me_last_txnid == 0 && !options_.read_only) return resize(info.me_mapsize);
  return fail(ErrorKind::kInternal, "store-damaged",
              std::string("The store's file data.mdb is shorter than it was written: it is "
                          "damaged. ") +
                  kRebuild);
}

Result<void> Environment::run_prepare() {
  MDB_txn* raw = nullptr;
  const unsigned flags = options_.read_only ? MDB_RDONLY : 0U;
  if (const int code = mdb_txn_begin(env_, nullptr, flags, &raw); code != MDB_SUCCESS) {
    return lmdb_error(code, "open");
  }
  WriteTxn txn(raw);
  if (auto prepared = prepare_(txn.get()); !prepared) return prepared;
  const int code = mdb_txn_commit(txn.release());
  if (code != MDB_SUCCESS) return lmdb_error(code, "open");
  return {};
}

Result<void> Environment::resize(std::size_t bytes) {
  std::error_code code;
  const std::uintmax_t length = std::filesystem::file_size(data_file(), code);
  if (!code && length < bytes) std::filesystem::resize_file(data_file(), bytes, code);
  if (code) return lmdb_error(code.value(), "make room");
  if (const int set = mdb_env_set_mapsize(env_, bytes); set != MDB_SUCCESS) {
    close();  // it may have no map at all now
    return lmdb_error(set, "make room");
  }
  map_size_ = bytes;
  return {};
}

/// The writing process made the map larger than this process has it.
Result<void> Environment::follow_resize() {
  const Exclusive exclusive(*this);
  if (env_ == nullptr) return lmdb_error(MDB_MAP_RESIZED, "read");
  const int code = mdb_env_set_mapsize(env_, 0);
  if (code == MDB_SUCCESS) return {};
  close();
  return lmdb_error(code, "read");
}

void Environment::close() {
  for (Slot& slot : slots_) {
    slot.is_open = false;
    if (slot.txn != nullptr) mdb_txn_abort(std::exchange(slot.txn, nullptr));
  }
  if (env_ != nullptr) mdb_env_close(std::exchange(env_, nullptr));
}

std::unexpected<Error> lmdb_error(int code, std::string_view doing) {
  const std::string reason = std::string(" (") + mdb_strerror(code) + ").";
  const std::string cannot = "The store cannot " + std::string(doing);
  switch (code) {
    case MDB_MAP_FULL:
      return unavailable("store-full", cannot + ": it has reached its largest allowed size.");
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return unavailable("store-full", cannot + ": the disk has no room" + reason);
    case MDB_INVALID:
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
      return fail(ErrorKind::kInternal, "store-damaged",
                  cannot + ": its files are damaged" + reason + " " + kRebuild);
    case MDB_VERSION_MISMATCH:
      return fail(
          ErrorKind::kInternal, "store-version",
          cannot + ": its files were written by another version of LMDB" + reason + " " + kRebuild);
    default:
      return unavailable("store-unavailable", cannot + reason);
  }
}

}  // namespace baedal::store::lmdb
