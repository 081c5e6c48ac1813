#pragma once

#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "kernel/error.hpp"
#include "platform/store/table.hpp"

namespace baedal::store::sqlite {

/// A prepared statement. Texts are bound by reference: they live until reset(). Not thread-safe.
class Statement {
 public:
  Statement() = default;
  explicit Statement(sqlite3_stmt* handle) : handle_(handle) {}
  Statement(Statement&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Statement& operator=(Statement&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Statement() { sqlite3_finalize(handle_); }

  explicit operator bool() const { return handle_ != nullptr; }

  Statement& bind(int index, std::int64_t value);
  Statement& bind(int index, std::string_view text);
  Statement& bind(int index, const Value& value);
  Statement& bind_blob(int index, std::string_view bytes);

  /// SQLITE_ROW, SQLITE_DONE or an extended error code.
  int step() { return sqlite3_step(handle_); }
  /// Ends the execution; ready for the next.
  void reset() { sqlite3_reset(handle_); }
  /// One execution that gives no rows: SQLITE_OK or an extended error code.
  int run();

  [[nodiscard]] std::int64_t integer(int column) { return sqlite3_column_int64(handle_, column); }
  [[nodiscard]] std::string text(int column);
  [[nodiscard]] std::string blob(int column);
  [[nodiscard]] Value value(int column);
  /// All columns of the current row.
  [[nodiscard]] Row row();

 private:
  sqlite3_stmt* handle_ = nullptr;
};

/// Resets a statement at the end of the scope, whatever way it is left.
class ResetAtEnd {
 public:
  explicit ResetAtEnd(Statement& statement) : statement_(statement) {}
  ~ResetAtEnd() { statement_.reset(); }
  ResetAtEnd(const ResetAtEnd&) = delete;
  ResetAtEnd& operator=(const ResetAtEnd&) = delete;

 private:
  Statement& statement_;
};

/// One SQLite connection, used by one thread at a time.
class Connection {
 public:
  Connection() = default;
  Connection(Connection&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Connection& operator=(Connection&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Connection() { sqlite3_close_v2(handle_); }

  enum class Mode { kCreate, kWrite, kRead };
  /// SQLITE_OK or an error code; another process's locks are waited for up to `patience`.
  int open(const std::string& path, Mode mode, std::chrono::milliseconds patience);
  /// Runs plain SQL, many statements if need be.
  int exec(const char* sql);
  /// Prepared for many uses. On error the statement is empty and error_code() says why.
  [[nodiscard]] Statement prepare(std::string_view sql);
  /// The first column of the first row; `otherwise` when there is none.
  [[nodiscard]] Result<std::int64_t> integer(std::string_view sql, std::int64_t otherwise = 0);

  [[nodiscard]] bool in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }
  [[nodiscard]] int error_code() const { return sqlite3_extended_errcode(handle_); }
  /// Why the system refused the last I/O that failed; 0 when that is not known.
  [[nodiscard]] int system_errno() const;
  /// The present error code as an Error: see error_of().
  [[nodiscard]] Error error() const;
  [[nodiscard]] sqlite3* handle() const { return handle_; }

 private:
  sqlite3* handle_ = nullptr;
};

/// Whether the code is about the disk, the file or a lock rather than about the statement: then
/// nothing of the transaction can be trusted.
[[nodiscard]] bool is_storage_fault(int code);

/// The error for callers, without paths: storage faults are kUnavailable (locks with the code
/// kStoreBusy), anything else is kInternal. `errno_value` tells a full disk from a broken one.
[[nodiscard]] Error error_of(int code, int errno_value, std::string_view message);

}  // namespace baedal::store::sqlite
