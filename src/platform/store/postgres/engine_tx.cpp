// What a body calls: reads through what the group knows, writes into it.

#include <algorithm>
#include <utility>

#include "kernel/assert.hpp"
#include "platform/store/errors.hpp"
#include "platform/store/postgres/engine.hpp"

namespace baedal::store::postgres {
namespace {

/// What a broken-off body sees; it is run again, and nobody else sees this.
Error not_known_yet() { return store_unavailable("The row is being fetched."); }

bool all_storable(const Row& row) {
  return std::ranges::all_of(row, [](const Value& value) { return is_storable(value); });
}

std::unexpected<Error> not_storable(std::string_view where) {
  return fail(ErrorKind::kInvalid, "store-bad-text",
              "A text for " + std::string(where) + " is not UTF-8 or holds a zero byte.");
}

}  // namespace

std::size_t PostgresEngine::position_of(const Table& table) const {
  for (std::size_t i = 0; i < tables_.size(); ++i) {
    if (&tables_[i].table() == &table || tables_[i].table().name == table.name) return i;
  }
  BAEDAL_ASSERT(false && "a table the store was not opened with");
  return 0;
}

/// Has the rows with that value read and locked: at once, or together with what others ask for.
Result<void> PostgresEngine::need(std::size_t table, std::size_t column, const Value& value) {
  if (spoiled_) return std::unexpected(*spoiled_);
  if (missed_) return std::unexpected(not_known_yet());
  wanted_[{table, column}].insert(value);
  if (direct_) return fetch_wanted();
  missed_ = true;
  return std::unexpected(not_known_yet());
}

/// In one round trip, with the BEGIN if it is the first: the rows that bodies asked for, the ids
/// they lack.
Result<void> PostgresEngine::fetch_wanted() {
  const WantedValues wanted = std::exchange(wanted_, {});
  const bool wants_ids = std::ranges::any_of(pools_, [](const IdPool& p) { return p.wanted > 0; });
  if (wanted.empty() && !wants_ids) return {};
  const bool begins = !in_transaction_;
  queue_begin();
  queue_reads(wanted);
  const auto drawn = queue_id_draws();
  auto answers = db_->sync();
  if (!answers) return spoil(answers.error());
  auto answer = answers->begin() + (begins ? 1 : 0);
  for (const auto& [place, values] : wanted) learn_rows(place, values, *answer++);
  for (const std::size_t table : drawn) learn_ids(table, *answer++);
  return {};
}

void PostgresEngine::queue_reads(const WantedValues& wanted) {
  for (const auto& [place, values] : wanted) {
    const ForRows& sql = sql_[place.table].lock[place.column];
    Params params;
    if (values.size() == 1) {
      params.add(*values.begin());
      db_->queue(sql.one, params);
      continue;
    }
    std::vector<Row> cells;
    std::vector<const Row*> rows;
    for (const Value& value : values) cells.push_back({value});
    for (const Row& cell : cells) rows.push_back(&cell);
    params.add_column(rows, 0, tables_[place.table].table().columns[place.column].type);
    db_->queue(sql.many, params);
  }
}

void PostgresEngine::learn_rows(const Wanted& place, const std::set<Value>& values,
                                const Answer& answer) {
  TableView& view = tables_[place.table];
  for (int row = 0; row < answer.rows(); ++row) view.learn(answer.row(view.table(), row));
  for (const Value& value : values) {
    if (place.column == 0) {
      view.learn_absent(std::get<std::int64_t>(value));
    } else {
      view.learn_absent(place.column, value);
    }
  }
}

Result<const std::optional<Row>*> PostgresEngine::row_of(std::size_t table, std::int64_t id) {
  if (const auto* known = tables_[table].find(id)) return known;
  if (auto read = need(table, 0, id); !read) return pass_on(read);
  return tables_[table].find(id);
}

Result<const std::optional<std::int64_t>*> PostgresEngine::id_of(std::size_t table,
                                                                 std::size_t column,
                                                                 const Value& value) {
  if (const auto* known = tables_[table].find_id(column, value)) return known;
  if (auto read = need(table, column, value); !read) return pass_on(read);
  return tables_[table].find_id(column, value);
}

Result<std::int64_t> PostgresEngine::next_id(const Table& table) {
  if (missed_) return std::unexpected(not_known_yet());
  const std::size_t position = position_of(table);
  IdPool& pool = pools_[position];
  if (pool.ids.empty()) {
    if (spoiled_) return std::unexpected(*spoiled_);
    ++pool.wanted;
    if (!direct_) {
      missed_ = true;
      return std::unexpected(not_known_yet());
    }
    if (auto drawn = fetch_wanted(); !drawn) return pass_on(drawn);
  }
  BAEDAL_ASSERT(!pool.ids.empty());
  const std::int64_t id = pool.ids.front();
  pool.ids.pop_front();
  ids_given_.emplace_back(position, id);
  return id;
}

/// Asks for the ids that bodies lack; gives the tables whose answers will come, in order.
std::vector<std::size_t> PostgresEngine::queue_id_draws() {
  std::vector<std::size_t> drawn;
  for (std::size_t i = 0; i < pools_.size(); ++i) {
    if (pools_[i].wanted <= 0) continue;
    Params count;
    count.add(std::exchange(pools_[i].wanted, 0));
    queue_begin();
    db_->queue(sql_[i].next_ids, count);
    drawn.push_back(i);
  }
  return drawn;
}

void PostgresEngine::learn_ids(std::size_t table, const Answer& answer) {
  IdPool& pool = pools_[table];
  for (int row = 0; row < answer.rows(); ++row) pool.ids.push_back(answer.integer(row, 0));
  pool.drawn_at = options_.clock->monotonic();
}

Result<std::optional<Row>> PostgresEngine::find(const Table& table, std::int64_t id) {
  const auto row = row_of(position_of(table), id);
  if (!row) return std::unexpected(row.error());
  return **row;
}

/// What cannot be fetched shows at the find() that asks for it.
void PostgresEngine::prefetch(const Table& table, std::span<const std::int64_t> ids) {
  if (missed_ || spoiled_) return;
  const std::size_t position = position_of(table);
  bool complete = true;
  for (const std::int64_t id : ids) {
    if (tables_[position].find(id) != nullptr) continue;
    wanted_[{position, 0}].insert(Value{id});
    complete = false;
  }
  if (complete) return;
  if (direct_) {
    std::ignore = fetch_wanted();
  } else {
    missed_ = true;
  }
}

Result<std::optional<Row>> PostgresEngine::find_by(const Table& table, std::size_t column,
                                                   const Value& value) {
  BAEDAL_ASSERT(table.index_on(column) != nullptr && table.index_on(column)->unique);
  if (std::holds_alternative<std::monostate>(value) || !is_storable(value)) return std::nullopt;
  const std::size_t position = position_of(table);
  const auto id = id_of(position, column, value);
  if (!id) return std::unexpected(id.error());
  if (!**id) return std::nullopt;
  const auto row = row_of(position, ***id);
  if (!row) return std::unexpected(row.error());
  return **row;
}

/// An id or unique value that is not known to be taken is taken to be free: the database tells at
/// the end, and then the group runs again, carefully, which asks before.
Result<void> PostgresEngine::insert(const Table& table, Row row) {
  check_row(table, row);
  if (missed_) return std::unexpected(not_known_yet());
  if (!all_storable(row)) return not_storable(table.name);
  const std::size_t position = position_of(table);
  const auto id = std::get<std::int64_t>(row[0]);
  if (verify_) {
    if (auto asked = row_of(position, id); !asked) return std::unexpected(asked.error());
  }
  guessed_ = guessed_ || !verify_;
  const auto* known = tables_[position].find(id);
  if (known != nullptr && *known) return std::unexpected(duplicate_row(table));
  if (auto free = check_unique(position, row, nullptr); !free) return free;
  tables_[position].insert(std::move(row));
  return {};
}

Result<void> PostgresEngine::update(const Table& table, const Row& row) {
  check_row(table, row);
  if (!all_storable(row)) return not_storable(table.name);
  const std::size_t position = position_of(table);
  const auto before = row_of(position, std::get<std::int64_t>(row[0]));
  if (!before) return std::unexpected(before.error());
  if (!**before) return std::unexpected(missing_row(table));
  const Row old = ***before;
  if (auto free = check_unique(position, row, &old); !free) return free;
  tables_[position].update(row, old);
  return {};
}

Result<void> PostgresEngine::check_unique(std::size_t table, const Row& row, const Row* before) {
  TableView& view = tables_[table];
  for (const Index& index : view.table().indexes) {
    const Value& value = row[index.column];
    if (!index.unique || std::holds_alternative<std::monostate>(value)) continue;
    if (before != nullptr && (*before)[index.column] == value) continue;
    guessed_ = guessed_ || !verify_;
    if (verify_) {
      if (auto asked = id_of(table, index.column, value); !asked) {
        return std::unexpected(asked.error());
      }
    }
    const auto* holder = view.find_id(index.column, value);
    if (holder != nullptr && *holder) return std::unexpected(duplicate_row(view.table()));
  }
  return {};
}

Result<bool> PostgresEngine::erase(const Table& table, std::int64_t id) {
  const std::size_t position = position_of(table);
  const auto before = row_of(position, id);
  if (!before) return std::unexpected(before.error());
  if (!**before) return false;
  const Row old = ***before;
  tables_[position].erase(old);
  return true;
}

Result<void> PostgresEngine::append(OutboxEvent event) {
  if (missed_) return std::unexpected(not_known_yet());
  if (!is_text(event.type) || !is_text(event.key) || !is_text(event.data) ||
      !is_text(event.traceparent)) {
    return not_storable("the outbox");
  }
  outbox_.push_back({0, std::move(event)});
  return {};
}

}  // namespace baedal::store::postgres
