#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "kernel/clock.hpp"
#include "platform/store/group_committer.hpp"
#include "platform/store/migration.hpp"
#include "platform/store/store.hpp"

namespace baedal::store {

struct SqliteOptions {
  std::string path;                  ///< the database file; made, with its folder, when missing
  std::vector<const Table*> tables;  ///< every table the store will be asked for
  std::span<const Migration> migrations;  ///< the service's own steps
  std::vector<MigrationSet> shared{};     ///< steps of other components in this file, run before
  const Clock* clock = nullptr;           ///< needed; borrowed
  /// One server per file: a second one is refused. The command line, which looks in beside a
  /// running server, says false.
  bool exclusive = true;
  GroupCommitLimits limits{};
  std::size_t lists_waiting_max = 256;  ///< more are kOverloaded
  std::chrono::milliseconds list_deadline{2'000};
  std::int64_t wal_pages_hint = 4'000;  ///< the log is moved in the background after so many
  std::int64_t wal_pages_max = 16'000;  ///< from here on the writer moves it: 64 MiB
  std::size_t cache_bytes_max = std::size_t{24} << 20;  ///< pages the writer keeps in memory
};

/// A service's store in one SQLite file: write-ahead log, synchronous=FULL, one writer that commits
/// in groups, readers that never wait for it. Everything a 201 promised is on the disk.
class SqliteStore final : public Store {
 public:
  /// Opens, repairs after a crash, migrates, and checks. The errors are sentences for the operator
  /// and name the file: damaged, newer than the program, in use, a table that is not as described.
  static Result<std::unique_ptr<SqliteStore>> open(SqliteOptions options);
  /// Finishes what waits; the log is then part of the database file.
  ~SqliteStore() override;

  Task<Result<CommitOutcome>> commit_once(const OnceKey& key, Body body) override;
  Task<Result<std::optional<Row>>> find(const Table& table, std::int64_t id) override;
  Task<Result<std::optional<Row>>> find_by(const Table& table, std::size_t column,
                                           const Value& value) override;
  Task<Result<Page>> page(const Table& table, const PageRequest& request) override;
  Task<Result<Slice>> page_by(const Table& table, std::size_t column, const Value& value,
                              const PageRequest& request) override;
  [[nodiscard]] const std::string& uid() const override;
  Task<Result<std::vector<OutboxRow>>> read_outbox(std::int64_t after, std::size_t limit) override;
  void mark_relayed(std::int64_t seq) override;
  void on_outbox(OutboxListener listener) override;
  Task<Result<std::int64_t>> sweep_keys(Timestamp before, std::int64_t limit) override;
  [[nodiscard]] Result<void> health() const override;
  [[nodiscard]] StoreStats stats() const override;

  /// Runs plain SQL on the writer's connection before the next commit: how tests make a disk small
  /// (PRAGMA max_page_count) or read-only (PRAGMA query_only).
  void exec_on_writer(std::string sql);

 private:
  struct Parts;
  explicit SqliteStore(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace baedal::store
