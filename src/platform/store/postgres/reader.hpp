#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "platform/store/postgres/connection.hpp"
#include "platform/store/store.hpp"

namespace baedal::store::postgres {

/// Committed state, read on one connection. Lists are read in the order of an index, so that the
/// first page costs the same at any size. One thread at a time; a statement is ended by the
/// connection's statement_timeout.
class Reader {
 public:
  explicit Reader(Connection& db) : db_(db) {}

  Result<std::optional<Row>> find_by(const Table& table, std::size_t column, const Value& value);
  Result<Page> page(const Table& table, const PageRequest& request);
  Result<Slice> page_by(const Table& table, std::size_t column, const Value& value,
                        const PageRequest& request);
  Result<std::vector<OutboxRow>> read_outbox(std::int64_t after, std::size_t limit);
  Result<std::int64_t> sweep_keys(Timestamp before, std::int64_t limit);
  /// Counts the once-keys, and puts right what was added up of them: a program from before they
  /// were counted may have been at work beside. A walk over all keys, which holds up no writer.
  Result<void> recount_keys();

 private:
  Result<std::vector<Row>> list_by_groups(const Table& table, std::size_t column,
                                          const PageRequest& request);
  Result<bool> append_group(const Table& table, std::size_t column, const Value& value,
                            std::int64_t limit, std::int64_t& skip, std::vector<Row>& rows);

  Connection& db_;
};

}  // namespace baedal::store::postgres
