#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "platform/store/table.hpp"

namespace baedal::store::postgres {

struct ValueHash {
  std::size_t operator()(const Value& value) const {
    if (const auto* number = std::get_if<std::int64_t>(&value))
      return std::hash<std::int64_t>{}(*number);
    return std::hash<std::string>{}(std::get<std::string>(value));
  }
};

/// One write of a body, in its order.
struct Write {
  enum class Kind { kInsert, kUpdate, kErase };
  Kind kind;
  std::int64_t id;
  Row row;  ///< empty for an erase
};

/// What a group knows of one table: rows it has read (they are locked, so what it knows stays true
/// until its end) and rows its bodies have written. A body that fails is undone here, without the
/// database. Belongs to the writer thread.
class TableView {
 public:
  explicit TableView(const Table& table);

  [[nodiscard]] const Table& table() const { return *table_; }

  // What is known. The outer level: whether anything is known at all.
  [[nodiscard]] const std::optional<Row>* find(std::int64_t id) const;
  /// The id of the row with that value in a uniquely indexed column.
  [[nodiscard]] const std::optional<std::int64_t>* find_id(std::size_t column,
                                                           const Value& value) const;

  // What the database has said.
  void learn(Row row);
  void learn_absent(std::int64_t id);
  void learn_absent(std::size_t column, const Value& value);

  // What a body writes. The caller has checked that it may.
  void insert(Row row);
  void update(Row row, const Row& before);
  void erase(const Row& before);

  /// What follows belongs to a new body.
  void begin_body();
  void undo_body();
  /// The writes of this body so far, in order.
  [[nodiscard]] const std::vector<Write>& body_writes() const { return body_writes_; }

  /// The difference between the database and this view: what a commit must write.
  struct Changes {
    std::vector<std::int64_t> erased;
    std::vector<const Row*> updated, inserted;  ///< in id order
    [[nodiscard]] bool empty() const {
      return erased.empty() && updated.empty() && inserted.empty();
    }
  };
  [[nodiscard]] Changes changes() const;
  /// What is written so far is in the database's transaction now; `rows_delta` keeps count.
  void settle();
  /// Nothing is known any more but the count; nothing may be unsettled.
  void forget();
  /// Rows more (or fewer) than before the group.
  [[nodiscard]] std::int64_t rows_delta() const;
  void clear();

 private:
  struct Known {
    std::optional<Row> stored;  ///< in the database
    std::optional<Row> now;
    bool written = false;
  };
  struct Undo {
    std::int64_t id;
    std::optional<Known> before;  ///< none: nothing was known
  };
  using Ids = std::unordered_map<Value, std::optional<std::int64_t>, ValueHash>;
  struct UndoId {
    std::size_t column;
    Value value;
    std::optional<std::optional<std::int64_t>> before;
  };

  void write(std::int64_t id, std::optional<Row> now);
  void set_id(std::size_t column, const Value& value, std::optional<std::int64_t> id);
  template <class F>
  void for_each_unique(const Row& row, F visit);

  const Table* table_;
  std::unordered_map<std::int64_t, Known> rows_;
  std::vector<Ids> ids_;  ///< by column; empty where not unique
  std::vector<Undo> undo_;
  std::vector<UndoId> undo_ids_;
  std::vector<Write> body_writes_;
  std::int64_t settled_delta_ = 0;
};

/// Rows that bodies asked for and the group does not know yet: to be fetched together.
struct Wanted {
  std::size_t table;   ///< position
  std::size_t column;  ///< 0: the id
  auto operator<=>(const Wanted&) const = default;
};
using WantedValues = std::map<Wanted, std::set<Value>>;

}  // namespace baedal::store::postgres
