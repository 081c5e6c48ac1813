#include "platform/store/lmdb/frozen_lmdb.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <utility>
#include <vector>

#include "platform/store/lmdb/encoding.hpp"
#include "platform/store/lmdb/environment.hpp"

namespace baedal::store {
namespace {

using lmdb::lmdb_error;

constexpr std::size_t kChunkBytes = std::size_t{1} << 20;
constexpr unsigned kDatabasesMax = 64;
/// The counters of the store are called "next:<table>" and "next:outbox".
constexpr std::string_view kCounters = "next:";

struct CloseEnvironment {
  void operator()(MDB_env* env) const { mdb_env_close(env); }
};
using OpenEnvironment = std::unique_ptr<MDB_env, CloseEnvironment>;

Result<OpenEnvironment> open_environment(const std::filesystem::path& folder) {
  MDB_env* raw = nullptr;
  if (const int code = mdb_env_create(&raw); code != MDB_SUCCESS) return lmdb_error(code, "open");
  OpenEnvironment env(raw);
  mdb_env_set_maxdbs(raw, kDatabasesMax);
  const int code = mdb_env_open(raw, folder.c_str(), MDB_NOTLS, 0640);
  if (code != MDB_SUCCESS) return lmdb_error(code, "open");
  return env;
}

/// Every counter of the meta database, raised.
int raise_counters(MDB_txn* txn, std::int64_t by) {
  MDB_dbi meta = 0;
  int code = mdb_dbi_open(txn, "meta", 0, &meta);
  if (code != MDB_SUCCESS) return code;
  MDB_cursor* cursor = nullptr;
  code = mdb_cursor_open(txn, meta, &cursor);
  MDB_val key = lmdb::to_val(kCounters);
  MDB_val value{};
  if (code == MDB_SUCCESS) code = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE);
  while (code == MDB_SUCCESS && lmdb::from_val(key).starts_with(kCounters)) {
    const lmdb::IdKey raised = lmdb::id_key(lmdb::read_id(lmdb::from_val(value)) + by);
    MDB_val fresh = lmdb::to_val(lmdb::view(raised));
    code = mdb_cursor_put(cursor, &key, &fresh, MDB_CURRENT);
    if (code == MDB_SUCCESS) code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
  }
  if (cursor != nullptr) mdb_cursor_close(cursor);
  return code == MDB_NOTFOUND ? MDB_SUCCESS : code;
}

}  // namespace

Result<std::unique_ptr<FrozenLmdb>> FrozenLmdb::open(const std::filesystem::path& folder) {
  auto env = open_environment(folder);
  if (!env) return pass_on(env);
  std::unique_ptr<FrozenLmdb> frozen(new FrozenLmdb);
  frozen->env_ = env->release();
  return frozen;
}

FrozenLmdb::~FrozenLmdb() {
  release();
  end_copy();
  mdb_env_close(env_);
}

Result<void> FrozenLmdb::freeze(std::chrono::steady_clock::time_point) {
  int code = mdb_txn_begin(env_, nullptr, 0, &lock_);
  // The process that serves has made its map larger since it was opened here.
  if (code == MDB_MAP_RESIZED && mdb_env_set_mapsize(env_, 0) == MDB_SUCCESS) {
    code = mdb_txn_begin(env_, nullptr, 0, &lock_);
  }
  if (code != MDB_SUCCESS) {
    lock_ = nullptr;
    return lmdb_error(code, "lock");
  }
  auto begun = begin_copy();
  if (!begun) release();
  return begun;
}

Result<void> FrozenLmdb::begin_copy() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return lmdb_error(errno, "copy");
  pipe_ = ends[0];
  copier_ = std::thread([this, into = ends[1]] {
    copied_ = mdb_env_copyfd2(env_, into, MDB_CP_COMPACT);
    ::close(into);
  });
  receive(first_chunk_);
  return {};
}

/// Some more of the copy; false at its end.
bool FrozenLmdb::receive(std::string& chunk) {
  chunk.resize(kChunkBytes);
  ssize_t got = ::read(pipe_, chunk.data(), chunk.size());
  while (got < 0 && errno == EINTR) got = ::read(pipe_, chunk.data(), chunk.size());
  chunk.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return got > 0;
}

void FrozenLmdb::end_copy() {
  if (!copier_.joinable()) return;
  // To its end, whoever wants it: the thread would wait for a reader.
  std::string rest;
  while (receive(rest)) {
  }
  copier_.join();
  ::close(std::exchange(pipe_, -1));
}

void FrozenLmdb::release() {
  if (lock_ != nullptr) mdb_txn_abort(std::exchange(lock_, nullptr));
}

Result<std::uint64_t> FrozenLmdb::copy_to(const std::filesystem::path& file) {
  std::ofstream out(file, std::ios::binary);
  std::string chunk = std::exchange(first_chunk_, {});
  do {
    out.write(chunk.data(), static_cast<std::streamsize>(chunk.size()));
  } while (out && receive(chunk));
  out.close();
  end_copy();
  if (copied_ != MDB_SUCCESS) return lmdb_error(copied_, "copy");
  if (!out) return lmdb_error(ENOSPC, "write the copy of");
  MDB_envinfo info{};
  mdb_env_info(env_, &info);
  return info.me_mapsize;
}

Result<void> skip_ids_in_lmdb(const std::filesystem::path& folder, std::int64_t count) {
  auto env = open_environment(folder);
  if (!env) return pass_on(env);
  MDB_txn* raw = nullptr;
  int code = mdb_txn_begin(env->get(), nullptr, 0, &raw);
  if (code != MDB_SUCCESS) return lmdb_error(code, "open");
  lmdb::WriteTxn txn(raw);
  code = raise_counters(txn.get(), count);
  if (code == MDB_SUCCESS) code = mdb_txn_commit(txn.release());
  if (code != MDB_SUCCESS) return lmdb_error(code, "write");
  return {};
}

}  // namespace baedal::store
