#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "platform/store/sqlite/database.hpp"
#include "platform/store/store.hpp"

namespace baedal::store::sqlite {

/// A read-only connection with its prepared statements. One thread at a time. What lists cost (in
/// brackets for ten million rows):
///   the first page    the same at any size, in every order by one column [0.3 ms]
///   by id             any page as the first while the ids have no gaps; else the rows before the
///                     page are stepped over, or those behind it when they are fewer
///   by one index      index entries are stepped over, likewise from the nearer end [0.25 s for the
///                     page in the middle]; descending from the front only [0.7 s for the last]
///   by several        the whole table is sorted for each page [0.5 s for the first]
/// All of them end at the deadline.
class Reader {
 public:
  static Result<std::unique_ptr<Reader>> open(const std::string& path);

  /// The row whose `column` (the id or unique) equals `value`.
  Result<std::optional<Row>> find_by(const Table& table, std::size_t column, const Value& value);
  Result<Page> page(const Table& table, const PageRequest& request);
  Result<Slice> page_by(const Table& table, std::size_t column, const Value& value,
                        const PageRequest& request);
  Result<std::vector<OutboxRow>> read_outbox(std::int64_t after, std::size_t limit);

  /// Statements that run past `deadline` are ended with kUnavailable.
  void set_deadline(std::chrono::steady_clock::time_point deadline) { deadline_ = deadline; }
  /// Checks the deadline from now on, which costs a little on every statement.
  void watch_deadline();

 private:
  using Clock = std::chrono::steady_clock;

  struct Find {
    const Table* table;
    std::size_t column;
    Statement statement;
  };
  Result<Statement*> find_statement(const Table& table, std::size_t column);
  Result<Statement*> statement(std::string sql);
  std::unexpected<Error> failed();
  Result<std::vector<Row>> rows_of(Statement& statement);
  Result<std::int64_t> row_count(const Table& table);
  Result<std::vector<Row>> list(const Table& table, const PageRequest& request, std::int64_t total);
  Result<std::vector<Row>> list_in_order(const Table& table, std::vector<Order> order,
                                         std::int64_t skip, std::int64_t take);
  Result<std::optional<std::int64_t>> id_at(const Table& table, std::int64_t place,
                                            std::int64_t total);
  Result<std::vector<Row>> list_from_id(const Table& table, std::int64_t id, bool descending,
                                        std::int64_t take);
  Result<std::vector<Row>> list_by_groups(const Table& table, std::size_t column,
                                          const PageRequest& request);
  Result<bool> append_group(const Table& table, std::size_t column, const Value& value,
                            std::int64_t limit, std::int64_t& skip, std::vector<Row>& rows);

  Connection db_;
  std::deque<Find> finds_;  // few: searched one by one, without making the SQL
  std::unordered_map<std::string, Statement> statements_;
  Clock::time_point deadline_ = Clock::time_point::max();
};

/// Readers for point reads on the callers' threads: as many as threads read at the same moment.
class ReaderPool {
 public:
  explicit ReaderPool(std::string path) : path_(std::move(path)) {}

  template <class F>
  auto with_reader(F&& use) -> decltype(use(std::declval<Reader&>())) {
    Result<std::unique_ptr<Reader>> reader = take();
    if (!reader) return pass_on(reader);
    auto result = use(**reader);
    give_back(std::move(*reader));
    return result;
  }

 private:
  Result<std::unique_ptr<Reader>> take();
  void give_back(std::unique_ptr<Reader> reader);

  const std::string path_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Reader>> idle_;
};

}  // namespace baedal::store::sqlite
