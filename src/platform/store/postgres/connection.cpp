#include "platform/store/postgres/connection.hpp"

#include <libpq-fe.h>
#include <poll.h>

#include <array>
#include <utility>

#include "kernel/assert.hpp"
#include "platform/store/errors.hpp"

namespace baedal::store::postgres {
namespace {

constexpr const char* kNotReached = "The database cannot be reached";

/// A client that hangs inside a transaction is cut off by the server, so that its locks go.
constexpr std::chrono::milliseconds kIdleInTransactionMax{5'000};

std::string quoted_name(const std::string& name) { return '"' + name + '"'; }

/// Whether that word of a connection string can be what was meant.
bool is_plausible(const PQconninfoOption& option) {
  const std::string_view word = option.keyword;
  const std::string_view value = option.val == nullptr ? "" : option.val;
  if (word == "host" || word == "dbname") return value.find('@') == std::string_view::npos;
  if (word == "port") return value.find_first_not_of("0123456789,") == std::string_view::npos;
  return true;
}

/// The first line of what libpq says of a failed start, which names the server but no password.
std::string reason_of(const pg_conn* connection) {
  std::string_view reason = PQerrorMessage(connection);
  reason = reason.substr(0, reason.find('\n'));
  return reason.empty() ? "" : ": " + std::string(reason);
}

Failure failure_of(std::string_view sqlstate) {
  if (sqlstate == "40001" || sqlstate == "40P01" || sqlstate == "55P03") return Failure::kConflict;
  if (sqlstate == "23505") return Failure::kDuplicate;
  if (sqlstate == "57014") return Failure::kLate;
  const std::string_view group = sqlstate.substr(0, 2);
  if (group == "08" || group == "57" || sqlstate == "25P03") return Failure::kLost;
  // A server that only reads (a fail-over is under way), or one that forgot or changed what was
  // prepared: another connection may do better.
  if (group == "25" || group == "26" || sqlstate == "0A000") return Failure::kUnfit;
  if (group == "53" || group == "58") return Failure::kRefused;
  return Failure::kRejected;
}

}  // namespace

int Answer::rows() const { return PQntuples(result_.get()); }
bool Answer::is_null(int row, int column) const {
  return PQgetisnull(result_.get(), row, column) != 0;
}
std::int64_t Answer::integer(int row, int column) const {
  BAEDAL_ASSERT(PQgetlength(result_.get(), row, column) == 8);
  return read_int8(PQgetvalue(result_.get(), row, column));
}
std::string Answer::text(int row, int column) const {
  return {PQgetvalue(result_.get(), row, column),
          static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
}
Row Answer::row(const Table& table, int row, int first_column) const {
  Row cells(table.columns.size());
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const int column = first_column + static_cast<int>(i);
    if (is_null(row, column)) continue;
    if (table.columns[i].type == ColumnType::kText) {
      cells[i] = text(row, column);
    } else {
      cells[i] = integer(row, column);
    }
  }
  return cells;
}
std::string_view Answer::tag() const { return PQcmdStatus(result_.get()); }
void Answer::clear(pg_result* result) { PQclear(result); }

Result<void> Connection::check_url(const std::string& url) {
  char* message = nullptr;
  PQconninfoOption* const options = PQconninfoParse(url.c_str(), &message);
  PQfreemem(message);
  bool good = options != nullptr;
  for (const auto* option = options; good && option->keyword != nullptr; ++option) {
    good = is_plausible(*option);
  }
  PQconninfoFree(options);
  if (good) return {};
  return fail(
      ErrorKind::kInvalid, "bad-store-url",
      "The URL of the database is not as postgresql://USER@HOST:PORT/DATABASE; if it holds a "
      "password, is that percent-encoded?");
}

Result<std::unique_ptr<Connection>> Connection::open(const Target& target) {
  // What the URL says of these stands: expand_dbname is the first, and later words only add.
  const std::array<const char*, 8> words{"connect_timeout",
                                         "keepalives_idle",
                                         "tcp_user_timeout",
                                         "application_name",
                                         "client_encoding",
                                         "dbname",
                                         nullptr};
  const std::array<const char*, 8> values{
      "2", "10", "10000", "baedal", "UTF8", target.url.c_str(), nullptr};
  std::unique_ptr<Connection> connection(
      new Connection(PQconnectdbParams(words.data(), values.data(), 1), target.answer_timeout));
  if (PQstatus(connection->connection_) != CONNECTION_OK) {
    const std::string why = target.tells_why ? reason_of(connection->connection_) : "";
    return std::unexpected(store_unavailable(kNotReached + why + "."));
  }
  // What does not fit into the socket waits in memory, so that no send can hang.
  if (PQsetnonblocking(connection->connection_, 1) != 0) {
    return std::unexpected(store_unavailable(std::string(kNotReached) + "."));
  }
  if (auto ready = connection->set_up(target); !ready) return pass_on(ready);
  return connection;
}

Connection::~Connection() { PQfinish(connection_); }

Result<void> Connection::set_up(const Target& target) {
  // What the server says goes into errors by code alone.
  PQsetNoticeProcessor(
      connection_, [](void*, const char*) {}, nullptr);
  std::string sql = "SET synchronous_commit = on; SET idle_in_transaction_session_timeout = " +
                    std::to_string(kIdleInTransactionMax.count()) + "; SET statement_timeout = " +
                    std::to_string(target.statement_timeout.count()) +
                    "; SET lock_timeout = " + std::to_string(target.lock_timeout.count());
  if (!target.schema.empty()) sql += "; SET search_path = " + quoted_name(target.schema);
  return script(sql);
}

void Connection::queue(const std::string& sql, const Params& params) {
  if (lost_) return;
  if (queued_.empty() && PQenterPipelineMode(connection_) == 0) return note_lost();
  const std::string* name = statement(sql);
  const Params::Raw raw = params.raw();
  if (PQsendQueryPrepared(connection_, name->c_str(), params.size(), raw.values.data(),
                          raw.lengths.data(), raw.formats.data(), 1) == 0) {
    return note_lost();
  }
  queued_.push_back({false, name, {}});
}

const std::string* Connection::statement(const std::string& sql) {
  const auto known = prepared_.find(sql);
  if (known != prepared_.end()) return &known->second;
  const auto added = prepared_.emplace(sql, "s" + std::to_string(++names_given_)).first;
  if (PQsendPrepare(connection_, added->second.c_str(), sql.c_str(), 0, nullptr) == 0) note_lost();
  queued_.push_back({true, &added->second, sql});
  return &added->second;
}

Result<std::vector<Answer>> Connection::sync() {
  std::vector<Queued> queued = std::exchange(queued_, {});
  if (lost_) return error();
  if (queued.empty()) return std::vector<Answer>{};
  failure_ = Failure::kNone;
  if (PQpipelineSync(connection_) == 0) note_lost();
  std::vector<Answer> answers;
  answers.reserve(queued.size());
  for (const Queued& each : queued) {
    if (lost_) return error();
    pg_result* result = next_result();
    const ExecStatusType status = PQresultStatus(result);
    const bool good = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
    if (status == PGRES_FATAL_ERROR) note_failure(result);
    if (each.is_prepare && !good) prepared_.erase(each.sql);
    if (good && !each.is_prepare) {
      answers.emplace_back(result);
    } else {
      PQclear(result);
    }
    if (!lost_) PQclear(next_result());  // the null that ends a statement's results
  }
  if (!lost_) PQclear(next_result());  // the synchronisation point
  if (!lost_ && PQexitPipelineMode(connection_) == 0) note_lost();
  if (lost_ || failure_ != Failure::kNone) return error();
  return answers;
}

Result<Answer> Connection::run(const std::string& sql, const Params& params) {
  queue(sql, params);
  auto answers = sync();
  if (!answers) return pass_on(answers);
  return std::move(answers->front());
}

Result<void> Connection::script(const std::string& sql) {
  BAEDAL_ASSERT(queued_.empty());
  failure_ = Failure::kNone;
  if (lost_ || PQsendQuery(connection_, sql.c_str()) == 0) note_lost();
  while (!lost_) {
    pg_result* result = next_result();
    if (result == nullptr) break;
    if (PQresultStatus(result) == PGRES_FATAL_ERROR) note_failure(result);
    PQclear(result);
  }
  if (lost_ || failure_ != Failure::kNone) return error();
  return {};
}

bool Connection::looks_lost() {
  // Nothing is expected between statements but notices and, last of all, the server's good-bye:
  // behind it is the end of the stream, which only a second look finds.
  for (int look = 0; look < 2 && !lost_; ++look) {
    pollfd socket{PQsocket(connection_), POLLIN, 0};
    if (::poll(&socket, 1, 0) != 1) break;
    if (PQconsumeInput(connection_) == 0 || PQstatus(connection_) != CONNECTION_OK) note_lost();
  }
  return lost_;
}

/// The next result once it is whole; null between statements, and when the connection is lost.
pg_result* Connection::next_result() {
  if (!wait_readable()) {
    note_lost();
    return nullptr;
  }
  pg_result* result = PQgetResult(connection_);
  if (PQstatus(connection_) != CONNECTION_OK) note_lost();
  return result;
}

/// Sends what is still to be sent, and reads until a result is whole.
bool Connection::wait_readable() {
  const auto deadline = std::chrono::steady_clock::now() + answer_timeout_;
  while (true) {
    const int unsent = PQflush(connection_);
    if (unsent < 0) return false;
    if (PQisBusy(connection_) == 0) return true;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    const short events = unsent > 0 ? POLLIN | POLLOUT : POLLIN;
    pollfd socket{PQsocket(connection_), events, 0};
    if (::poll(&socket, 1, static_cast<int>(left.count())) < 0 && errno != EINTR) return false;
    const bool has_input = (socket.revents & ~POLLOUT) != 0;
    if (has_input && PQconsumeInput(connection_) == 0) return false;
  }
}

void Connection::note_failure(const pg_result* result) {
  if (failure_ != Failure::kNone) return;
  const char* code = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  sqlstate_ = code == nullptr ? "" : code;
  message_ = PQresultErrorMessage(result);
  failure_ = sqlstate_.empty() ? Failure::kLost : failure_of(sqlstate_);
  if (failure_ == Failure::kLost || failure_ == Failure::kUnfit) lost_ = true;
}

void Connection::note_lost() {
  lost_ = true;
  failure_ = Failure::kLost;
  sqlstate_.clear();
}

std::unexpected<Error> Connection::error() const {
  switch (failure_) {
    case Failure::kConflict:
      return std::unexpected(Error{ErrorKind::kUnavailable,
                                   std::string(kStoreBusy),
                                   "The database is busy with the same rows.",
                                   {},
                                   std::chrono::seconds{1}});
    case Failure::kLate:
      return std::unexpected(store_unavailable("The database took too long."));
    case Failure::kRefused:
    case Failure::kUnfit:
      return std::unexpected(store_unavailable("The database cannot do it now."));
    case Failure::kDuplicate:
    case Failure::kRejected:
      return fail(ErrorKind::kInternal, "store-rejected",
                  "The database rejects a statement (" + sqlstate_ + ").");
    case Failure::kNone:
    case Failure::kLost:
      break;
  }
  return std::unexpected(store_unavailable(std::string(kNotReached) + "."));
}

}  // namespace baedal::store::postgres
