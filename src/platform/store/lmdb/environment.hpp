#pragma once

#include <lmdb.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string_view>

#include "kernel/error.hpp"
#include "platform/store/lmdb/mapped_memory.hpp"

namespace baedal::store::lmdb {

struct EnvironmentOptions {
  std::filesystem::path folder;
  std::size_t map_size_initial = std::size_t{64} << 20;
  std::size_t map_size_max = std::size_t{64} << 30;
  unsigned databases_max = 64;
  bool read_only = false;
};

class Environment;
struct ReadSlot;

/// A read in progress: one LMDB snapshot, and a hold on the map that keeps it where it is.
/// Short-lived; used by one thread at a time.
class ReadTxn {
 public:
  ReadTxn(ReadTxn&&) = default;
  ReadTxn& operator=(ReadTxn&&) = delete;
  ~ReadTxn();
  [[nodiscard]] MDB_txn* get() const { return txn_; }
  /// Leaves the snapshot open for the next read, as long as it shows the present state. Not when
  /// LMDB gave an error: it would refuse all that is read of this snapshot afterwards.
  void keep() { keeps_ = true; }

 private:
  friend class Environment;
  ReadTxn(const Environment& environment, ReadSlot& slot, std::unique_lock<std::mutex> hold);

  const Environment& environment_;
  ReadSlot& slot_;
  MDB_txn* txn_;
  bool keeps_ = false;
  std::unique_lock<std::mutex> hold_;
};

/// One reusable snapshot. It may stay open between reads for as long as nothing is committed: to
/// begin a new one costs as much as to find a row, since LMDB looks up each database in it anew.
struct alignas(64) ReadSlot {
  std::mutex mutex;
  MDB_txn* txn = nullptr;
  std::uint64_t of_commit = 0;       ///< what it shows, as Environment counts commits
  std::atomic<bool> is_open{false};  ///< and not only to be renewed

  void end();
};

struct AbortTxn {
  void operator()(MDB_txn* txn) const { mdb_txn_abort(txn); }
};
/// A write transaction, aborted when dropped.
using WriteTxn = std::unique_ptr<MDB_txn, AbortTxn>;

/// One LMDB environment, in one folder: opening and checking it, snapshots for readers, growth of
/// the map. read() may be called from any thread; begin_write(), grow() and reopen() from the one
/// writer thread, with no write transaction open.
///
/// The file is always as long as the map (with holes, so it takes no room): reading can then never
/// run past its end, and a file that was cut short is noticed when it is opened.
class Environment {
 public:
  /// Called with a transaction after the environment was opened or reopened, to open the databases
  /// inside it; no reader runs meanwhile.
  using Prepare = std::function<Result<void>(MDB_txn*)>;

  static Result<std::unique_ptr<Environment>> open(EnvironmentOptions options, Prepare prepare);
  /// Waits for the reads in progress.
  ~Environment();
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

  [[nodiscard]] Result<ReadTxn> read();
  [[nodiscard]] Result<WriteTxn> begin_write();
  /// Commits; gives LMDB's code. Reads that begin from now on see it.
  [[nodiscard]] int commit(WriteTxn txn);
  /// Doubles the map, at most to map_size_max; kUnavailable when it cannot grow. Waits for the
  /// reads in progress.
  [[nodiscard]] Result<void> grow();
  /// Closes and opens again: LMDB refuses all work after it failed to write a meta page.
  [[nodiscard]] Result<void> reopen();
  [[nodiscard]] std::size_t map_size() const { return map_size_.load(std::memory_order_relaxed); }

 private:
  friend class ReadTxn;
  using Slot = ReadSlot;
  class Exclusive;

  Environment(EnvironmentOptions options, Prepare prepare)
      : options_(std::move(options)), prepare_(std::move(prepare)), mapped_(data_file()) {}
  Result<void> open_all();
  Result<void> open_environment();
  Result<void> check_length();
  Result<void> run_prepare();
  Result<void> resize(std::size_t bytes);
  Result<void> follow_resize();
  void close();
  [[nodiscard]] int open_snapshot(Slot& slot) const;
  /// Whether it shows the present state, and nobody but this process can change that.
  [[nodiscard]] bool is_fresh(const Slot& slot) const {
    return !options_.read_only && slot.of_commit == commits_.load(std::memory_order_acquire);
  }
  void end_old_snapshots();
  [[nodiscard]] Slot& free_slot(std::unique_lock<std::mutex>& hold);
  [[nodiscard]] std::filesystem::path data_file() const { return options_.folder / "data.mdb"; }

  EnvironmentOptions options_;
  Prepare prepare_;
  MappedMemory mapped_;  ///< the writer thread's
  MDB_env* env_ = nullptr;
  std::array<Slot, 16> slots_;
  std::atomic<std::uint64_t> commits_{0};  ///< of this process, failed ones too
  std::atomic<std::size_t> map_size_{0};
};

/// The Error of an LMDB return code, for `doing` ("write", "open"). What another attempt may cure
/// is kUnavailable, damage is kInternal.
[[nodiscard]] std::unexpected<Error> lmdb_error(int code, std::string_view doing);

[[nodiscard]] inline MDB_val to_val(std::string_view bytes) {
  return {bytes.size(), const_cast<char*>(bytes.data())};
}
[[nodiscard]] inline std::string_view from_val(const MDB_val& value) {
  return {static_cast<const char*>(value.mv_data), value.mv_size};
}

}  // namespace baedal::store::lmdb
