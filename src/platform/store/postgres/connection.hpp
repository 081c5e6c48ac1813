#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "kernel/error.hpp"
#include "platform/store/postgres/params.hpp"
#include "platform/store/table.hpp"

struct pg_conn;
struct pg_result;

namespace baedal::store::postgres {

/// What a server answered to one statement, in binary format.
class Answer {
 public:
  explicit Answer(pg_result* result) : result_(result, &clear) {}

  [[nodiscard]] int rows() const;
  [[nodiscard]] bool is_null(int row, int column) const;
  [[nodiscard]] std::int64_t integer(int row, int column) const;
  [[nodiscard]] std::string text(int row, int column) const;
  /// The cells of `table` in the first columns of the answer.
  [[nodiscard]] Row row(const Table& table, int row, int first_column = 0) const;
  /// "COMMIT", "UPDATE 3".
  [[nodiscard]] std::string_view tag() const;

 private:
  static void clear(pg_result* result);
  std::unique_ptr<pg_result, void (*)(pg_result*)> result_;
};

/// Why the last statement failed, for those who go on by it.
enum class Failure {
  kNone,
  kLost,       ///< the connection is gone; whether a COMMIT took effect is not known
  kUnfit,      ///< nothing was done, and this connection never will: it may only read
  kConflict,   ///< serialization failure, deadlock, lock wait: the transaction may be run again
  kDuplicate,  ///< a unique index refused it
  kLate,       ///< the statement's deadline
  kRefused,    ///< the server cannot do it now: disk full, too many connections, shutting down
  kRejected,   ///< data or SQL that the server does not take
};

/// Where to connect, and how each connection is set up.
struct Target {
  std::string url;     ///< postgresql://USER@HOST:PORT/DATABASE
  std::string schema;  ///< where the tables are; empty: the login's own search path
  std::chrono::milliseconds statement_timeout{0};    ///< of the server; 0: none
  std::chrono::milliseconds lock_timeout{0};         ///< 0: none
  std::chrono::milliseconds answer_timeout{10'000};  ///< a server silent for so long is lost
  bool tells_why = false;  ///< a failed open() says the reason and the address: for the operator
};

/// One connection, used by one thread at a time. Statements are prepared on first use, sent in
/// pipelines, and answered in binary. Never throws, never blocks longer than the target's
/// answer_timeout. Errors say nothing of the server's address or data.
class Connection {
 public:
  /// kInvalid when libpq takes the URL for another one than was meant: a password with '@' or '/'
  /// in it. Its text is not repeated.
  [[nodiscard]] static Result<void> check_url(const std::string& url);
  /// kUnavailable when it cannot be had.
  static Result<std::unique_ptr<Connection>> open(const Target& target);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Adds a statement to the pipeline. `sql` has static storage or lives with the connection's
  /// owner: it names the prepared statement.
  void queue(const std::string& sql, const Params& params = {});
  /// Sends what is queued and gives an answer for each statement. With an error the statements
  /// behind the failed one were not run.
  Result<std::vector<Answer>> sync();
  /// One statement.
  Result<Answer> run(const std::string& sql, const Params& params = {});
  /// Several statements in one text, without parameters: migrations.
  Result<void> script(const std::string& sql);

  [[nodiscard]] Failure failure() const { return failure_; }
  /// SQLSTATE of the last failure; empty when the connection was lost.
  [[nodiscard]] const std::string& sqlstate() const { return sqlstate_; }
  [[nodiscard]] bool is_lost() const { return lost_; }
  /// Whether the server has hung up, without asking it.
  [[nodiscard]] bool looks_lost();
  /// What the server said of the last failure: for tests and the operator at opening, never for a
  /// client.
  [[nodiscard]] const std::string& message() const { return message_; }

 private:
  struct Queued {
    bool is_prepare;
    const std::string* name;
    std::string sql;  ///< of a prepare
  };

  Connection(pg_conn* connection, std::chrono::milliseconds answer_timeout)
      : connection_(connection), answer_timeout_(answer_timeout) {}
  Result<void> set_up(const Target& target);
  const std::string* statement(const std::string& sql);
  bool wait_readable();
  pg_result* next_result();
  void note_failure(const pg_result* result);
  void note_lost();
  [[nodiscard]] std::unexpected<Error> error() const;

  pg_conn* connection_;
  const std::chrono::milliseconds answer_timeout_;
  std::unordered_map<std::string, std::string> prepared_;  ///< sql → name
  std::vector<Queued> queued_;
  bool lost_ = false;
  std::uint64_t names_given_ = 0;
  Failure failure_ = Failure::kNone;
  std::string sqlstate_;
  std::string message_;
};

}  // namespace baedal::store::postgres
