#pragma once

#include <lmdb.h>

#include <string_view>
#include <utility>

#include "platform/store/lmdb/environment.hpp"

namespace baedal::store::lmdb {

/// A position in one database of a transaction, which outlives it. After a successful move, key()
/// and value() are valid until the next one, or the transaction's next write.
class Cursor {
 public:
  Cursor(MDB_txn* txn, MDB_dbi dbi) : code_(mdb_cursor_open(txn, dbi, &cursor_)) {}
  ~Cursor() {
    if (cursor_ != nullptr) mdb_cursor_close(cursor_);
  }
  Cursor(const Cursor&) = delete;
  Cursor& operator=(const Cursor&) = delete;

  /// Whether there is an entry there; false also on an error, see error().
  bool move(MDB_cursor_op operation) {
    if (code_ == MDB_SUCCESS || code_ == MDB_NOTFOUND) {
      code_ = mdb_cursor_get(cursor_, &key_, &value_, operation);
    }
    return code_ == MDB_SUCCESS;
  }
  bool seek(std::string_view key, MDB_cursor_op operation) {
    key_ = to_val(key);
    return move(operation);
  }
  bool seek(std::string_view key, std::string_view value, MDB_cursor_op operation) {
    value_ = to_val(value);
    return seek(key, operation);
  }

  [[nodiscard]] std::string_view key() const { return from_val(key_); }
  [[nodiscard]] std::string_view value() const { return from_val(value_); }
  /// How many values the present key has.
  [[nodiscard]] std::size_t count() const {
    std::size_t values = 0;
    mdb_cursor_count(cursor_, &values);
    return values;
  }
  /// Not "not found": what went wrong, or MDB_SUCCESS.
  [[nodiscard]] int error() const { return code_ == MDB_NOTFOUND ? MDB_SUCCESS : code_; }

  /// These give LMDB's codes.
  int put(std::string_view key, std::string_view value, unsigned flags) {
    if (error() != MDB_SUCCESS) return code_;
    MDB_val k = to_val(key);
    MDB_val v = to_val(value);
    return mdb_cursor_put(cursor_, &k, &v, flags);
  }
  int erase() { return mdb_cursor_del(cursor_, 0); }

 private:
  MDB_cursor* cursor_ = nullptr;
  int code_;
  MDB_val key_{};
  MDB_val value_{};
};

}  // namespace baedal::store::lmdb
