#include "platform/store/postgres/group_view.hpp"

#include <algorithm>
#include <utility>

namespace baedal::store::postgres {
namespace {

std::int64_t id_of(const Row& row) { return std::get<std::int64_t>(row[0]); }
bool is_null(const Value& value) { return std::holds_alternative<std::monostate>(value); }

}  // namespace

TableView::TableView(const Table& table) : table_(&table), ids_(table.columns.size()) {}

const std::optional<Row>* TableView::find(std::int64_t id) const {
  const auto known = rows_.find(id);
  return known == rows_.end() ? nullptr : &known->second.now;
}

const std::optional<std::int64_t>* TableView::find_id(std::size_t column,
                                                      const Value& value) const {
  const auto known = ids_[column].find(value);
  return known == ids_[column].end() ? nullptr : &known->second;
}

template <class F>
void TableView::for_each_unique(const Row& row, F visit) {
  for (const Index& index : table_->indexes) {
    if (index.unique && !is_null(row[index.column])) visit(index.column, row[index.column]);
  }
}

void TableView::learn(Row row) {
  const std::int64_t id = id_of(row);
  Known& known = rows_[id];
  if (known.written) return;
  for_each_unique(row, [&](std::size_t column, const Value& value) {
    // What a body has written stands; an absence read before another writer's commit does not.
    auto& slot = ids_[column].try_emplace(value, id).first->second;
    if (!slot) slot = id;
  });
  known.stored = row;
  known.now = std::move(row);
}

void TableView::learn_absent(std::int64_t id) { rows_.try_emplace(id); }

void TableView::learn_absent(std::size_t column, const Value& value) {
  ids_[column].try_emplace(value, std::nullopt);
}

void TableView::insert(Row row) {
  const std::int64_t id = id_of(row);
  for_each_unique(row, [&](std::size_t column, const Value& value) { set_id(column, value, id); });
  body_writes_.push_back({Write::Kind::kInsert, id, row});
  write(id, std::move(row));
}

void TableView::update(Row row, const Row& before) {
  const std::int64_t id = id_of(row);
  const Row old = before;  // `before` lives in what is written below
  for_each_unique(old, [&](std::size_t column, const Value& value) {
    if (row[column] != value) set_id(column, value, std::nullopt);
  });
  for_each_unique(row, [&](std::size_t column, const Value& value) {
    if (old[column] != value) set_id(column, value, id);
  });
  body_writes_.push_back({Write::Kind::kUpdate, id, row});
  write(id, std::move(row));
}

void TableView::erase(const Row& before) {
  const std::int64_t id = id_of(before);
  for_each_unique(
      before, [&](std::size_t column, const Value& value) { set_id(column, value, std::nullopt); });
  body_writes_.push_back({Write::Kind::kErase, id, {}});
  write(id, std::nullopt);
}

void TableView::write(std::int64_t id, std::optional<Row> now) {
  const auto [place, is_new] = rows_.try_emplace(id);
  undo_.push_back({id, is_new ? std::nullopt : std::optional<Known>(place->second)});
  place->second.now = std::move(now);
  place->second.written = true;
}

void TableView::set_id(std::size_t column, const Value& value, std::optional<std::int64_t> id) {
  const auto [place, is_new] = ids_[column].try_emplace(value);
  UndoId undo{column, value, {}};
  if (!is_new) undo.before.emplace(place->second);
  undo_ids_.push_back(std::move(undo));
  place->second = id;
}

void TableView::begin_body() {
  undo_.clear();
  undo_ids_.clear();
  body_writes_.clear();
}

void TableView::undo_body() {
  while (!undo_.empty()) {
    Undo& last = undo_.back();
    if (last.before) {
      rows_[last.id] = std::move(*last.before);
    } else {
      rows_.erase(last.id);
    }
    undo_.pop_back();
  }
  while (!undo_ids_.empty()) {
    UndoId& last = undo_ids_.back();
    if (last.before) {
      ids_[last.column][last.value] = *last.before;
    } else {
      ids_[last.column].erase(last.value);
    }
    undo_ids_.pop_back();
  }
  body_writes_.clear();
}

TableView::Changes TableView::changes() const {
  Changes changes;
  for (const auto& [id, known] : rows_) {
    if (!known.written || known.stored == known.now) continue;
    if (!known.now) {
      changes.erased.push_back(id);
    } else if (known.stored) {
      changes.updated.push_back(&*known.now);
    } else {
      changes.inserted.push_back(&*known.now);
    }
  }
  // Writers that touch the same rows meet them in the same order.
  const auto by_id = [](const Row* a, const Row* b) { return id_of(*a) < id_of(*b); };
  std::ranges::sort(changes.erased);
  std::ranges::sort(changes.updated, by_id);
  std::ranges::sort(changes.inserted, by_id);
  return changes;
}

std::int64_t TableView::rows_delta() const {
  std::int64_t delta = settled_delta_;
  for (const auto& [id, known] : rows_) {
    if (known.written) delta += (known.now ? 1 : 0) - (known.stored ? 1 : 0);
  }
  return delta;
}

void TableView::settle() {
  settled_delta_ = rows_delta();
  for (auto& [id, known] : rows_) {
    if (std::exchange(known.written, false)) known.stored = known.now;
  }
  begin_body();
}

void TableView::forget() {
  settled_delta_ = rows_delta();
  rows_.clear();
  for (Ids& ids : ids_) ids.clear();
  begin_body();
}

void TableView::clear() {
  forget();
  settled_delta_ = 0;
}

}  // namespace baedal::store::postgres
