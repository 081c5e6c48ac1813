#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "kernel/clock.hpp"
#include "platform/store/group_committer.hpp"
#include "platform/store/migration.hpp"
#include "platform/store/store.hpp"

namespace baedal::store {

struct PostgresOptions {
  std::string url;       ///< postgresql://USER@HOST:PORT/DATABASE, as libpq takes it
  std::string schema{};  ///< where the tables are, made when missing; empty: the login's own
  std::vector<const Table*> tables{};       ///< every table the store will be asked for
  std::span<const Migration> migrations{};  ///< the service's own steps
  std::vector<MigrationSet> shared{};       ///< steps of other components, run before
  const Clock* clock = nullptr;             ///< needed; borrowed
  GroupCommitLimits limits{.attempts_max = 8};
  int point_connections = 2;              ///< for find and find_by
  int list_connections = 2;               ///< for page, page_by, the outbox and the sweeper
  std::size_t reads_waiting_max = 1'024;  ///< more are kOverloaded
  std::chrono::milliseconds read_deadline{2'000};
  /// A body that waits longer for another process's row lets its group run again.
  std::chrono::milliseconds lock_timeout{3'000};
  /// A server that says nothing for so long is taken to be lost.
  std::chrono::milliseconds answer_timeout{5'000};
};

/// A service's store in a PostgreSQL database, which several processes may share: ids never
/// collide, a once-key holds in all of them, no update is lost, and outbox numbers grow in commit
/// order without gaps. One writer connection that commits in groups (postgres/engine.hpp), a few
/// connections that read.
///
/// When the database is away every call is kUnavailable at once, and it works again by itself when
/// the database is back. A group whose COMMIT was not answered is asked after on a new connection
/// for up to three seconds, so that its callers hear the truth; only when the database does not
/// come back by then is the outcome unknown and the answer kUnavailable: asked again with the same
/// once-key, it gives the first answer if there was one; without a key it may happen twice.
class PostgresStore final : public Store {
 public:
  /// Connects, migrates, and checks. Errors are sentences for the operator: not reachable, newer
  /// than the program, a table that is not as described.
  [[nodiscard]] static Result<std::unique_ptr<PostgresStore>> open(PostgresOptions options);
  /// Removes a schema with all that is in it; one that is not there is fine.
  [[nodiscard]] static Result<void> drop_schema(const std::string& url, const std::string& schema);

  /// Finishes what waits.
  ~PostgresStore() override;

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
  [[nodiscard]] bool is_shared() const override { return true; }
  Task<Result<std::optional<RelayLease>>> take_relay_lease(std::chrono::milliseconds ttl) override;
  Task<void> give_back_relay_lease() override;
  Task<Result<std::int64_t>> sweep_keys(Timestamp before, std::int64_t limit) override;
  [[nodiscard]] Result<void> health() const override;
  /// outbox_rows: as far as this process has seen and relayed; the relay's holder knows best.
  [[nodiscard]] StoreStats stats() const override;

 private:
  struct Parts;
  explicit PostgresStore(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace baedal::store
