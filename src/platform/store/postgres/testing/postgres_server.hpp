#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

namespace baedal::store::postgres {

/// A PostgreSQL server of a test's own: a fresh cluster in a temporary folder, on a free port of
/// 127.0.0.1. Ends the process when it cannot be started: tests that need it must
/// fail, not skip.
class PostgresServer {
 public:
  /// One whose own crash is no part of the test need not sync.
  explicit PostgresServer(bool syncs = true);
  /// Stops it and removes everything.
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  /// One for the whole test program, started at its first use; never stopped, so it does not sync.
  static PostgresServer& shared();

  void start();
  /// Every connection is cut, as in a crash (pg_ctl's "immediate").
  void stop();
  /// A new, empty database; gives its URL.
  std::string make_database();
  /// What `psql` prints for that SQL, without decoration.
  [[nodiscard]] static std::string psql(const std::string& url, const std::string& sql);

 private:
  void end_with_this_process() const;
  void command(const std::string& program, const std::string& arguments) const;
  [[nodiscard]] std::string url(const std::string& database) const;

  const bool syncs_;
  std::string folder_;
  std::uint16_t port_ = 0;
  int databases_ = 0;
};

}  // namespace baedal::store::postgres
