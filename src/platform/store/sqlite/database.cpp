#include "platform/store/sqlite/database.hpp"

#include <cerrno>
#include <tuple>

#include "platform/store/errors.hpp"
#include "platform/store/sqlite/log_file.hpp"

namespace baedal::store::sqlite {

Statement& Statement::bind(int index, std::int64_t value) {
  sqlite3_bind_int64(handle_, index, value);
  return *this;
}

Statement& Statement::bind(int index, std::string_view text) {
  // A null pointer would bind NULL: an empty view is an empty text.
  sqlite3_bind_text64(handle_, index, text.empty() ? "" : text.data(), text.size(), SQLITE_STATIC,
                      SQLITE_UTF8);
  return *this;
}

Statement& Statement::bind(int index, const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return bind(index, *number);
  if (const auto* text = std::get_if<std::string>(&value))
    return bind(index, std::string_view(*text));
  sqlite3_bind_null(handle_, index);
  return *this;
}

Statement& Statement::bind_blob(int index, std::string_view bytes) {
  sqlite3_bind_blob64(handle_, index, bytes.empty() ? "" : bytes.data(), bytes.size(),
                      SQLITE_STATIC);
  return *this;
}

int Statement::run() {
  const int code = sqlite3_step(handle_);
  // reset() gives back the code of the step that failed.
  const int reset_code = sqlite3_reset(handle_);
  return code == SQLITE_DONE || code == SQLITE_ROW ? SQLITE_OK : reset_code;
}

std::string Statement::text(int column) {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(handle_, column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_, column));
  return bytes == nullptr ? std::string() : std::string(bytes, size);
}

std::string Statement::blob(int column) {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(handle_, column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_, column));
  return bytes == nullptr ? std::string() : std::string(bytes, size);
}

Value Statement::value(int column) {
  switch (sqlite3_column_type(handle_, column)) {
    case SQLITE_NULL:
      return {};
    case SQLITE_INTEGER:
      return integer(column);
    default:
      return text(column);
  }
}

Row Statement::row() {
  Row row;
  const int columns = sqlite3_column_count(handle_);
  row.reserve(static_cast<std::size_t>(columns));
  for (int i = 0; i < columns; ++i) row.push_back(value(i));
  return row;
}

/// SQLite counts the bytes of every allocation under one lock for all connections of the process.
/// Nobody reads the count.
void stop_memory_accounting() {
  static const int done = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  std::ignore = done;  // too late is not wrong, only slower
}

int Connection::open(const std::string& path, Mode mode, std::chrono::milliseconds patience) {
  stop_memory_accounting();
  const int access = mode == Mode::kRead    ? SQLITE_OPEN_READONLY
                     : mode == Mode::kWrite ? SQLITE_OPEN_READWRITE
                                            : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  const char* const file_system = mode == Mode::kCreate ? log_gathering_vfs() : nullptr;
  const int code =
      sqlite3_open_v2(path.c_str(), &handle_, access | SQLITE_OPEN_NOMUTEX, file_system);
  if (code != SQLITE_OK) return handle_ != nullptr ? error_code() : code;
  sqlite3_extended_result_codes(handle_, 1);
  sqlite3_busy_timeout(handle_, static_cast<int>(patience.count()));
  return SQLITE_OK;
}

int Connection::exec(const char* sql) {
  return sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
}

Statement Connection::prepare(std::string_view sql) {
  sqlite3_stmt* handle = nullptr;
  sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                     &handle, nullptr);
  return Statement(handle);
}

Result<std::int64_t> Connection::integer(std::string_view sql, std::int64_t otherwise) {
  Statement statement = prepare(sql);
  if (!statement) return std::unexpected(error());
  switch (statement.step()) {
    case SQLITE_ROW:
      return statement.integer(0);
    case SQLITE_DONE:
      return otherwise;
    default:
      return std::unexpected(error());
  }
}

int Connection::system_errno() const {
  if (const int value = sqlite3_system_errno(handle_); value != 0) return value;
  // SQLite forgets the cause when a COMMIT fails; the log's file still knows it.
  sqlite3_file* log = nullptr;
  sqlite3_file_control(handle_, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
  int value = 0;
  if (log != nullptr && log->pMethods != nullptr) {
    log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &value);
  }
  return value;
}

Error Connection::error() const {
  return error_of(error_code(), system_errno(), sqlite3_errmsg(handle_));
}

bool is_storage_fault(int code) {
  switch (code & 0xff) {
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_NOMEM:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
    case SQLITE_INTERRUPT:
      return true;
    default:
      return false;
  }
}

Error error_of(int code, int errno_value, std::string_view message) {
  if (!is_storage_fault(code)) {
    return {ErrorKind::kInternal, "store-internal",
            "The database refused: " + std::string(message)};
  }
  switch (code & 0xff) {
    case SQLITE_FULL:
      return store_unavailable("The disk of the database is full.");
    case SQLITE_READONLY:
      return store_unavailable("The database file is read-only.");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return store_unavailable("The database file is damaged.");
    case SQLITE_NOMEM:
      return store_unavailable("The database is out of memory.");
    case SQLITE_INTERRUPT:
      return store_unavailable("The database took too long.");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL: {
      Error error = store_unavailable("Another process holds the database.");
      error.code = kStoreBusy;
      return error;
    }
    default:
      break;
  }
  if (errno_value == ENOSPC || errno_value == EDQUOT || errno_value == EFBIG) {
    return store_unavailable("The disk of the database is full.");
  }
  if (errno_value == EROFS) return store_unavailable("The disk of the database is read-only.");
  return store_unavailable("The disk of the database failed to read or write.");
}

}  // namespace baedal::store::sqlite
