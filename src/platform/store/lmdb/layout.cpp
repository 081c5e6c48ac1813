#include "platform/store/lmdb/layout.hpp"

#include <algorithm>
#include <limits>
#include <random>

#include "kernel/assert.hpp"
#include "kernel/text.hpp"
#include "platform/store/lmdb/encoding.hpp"
#include "platform/store/lmdb/environment.hpp"

namespace baedal::store::lmdb {

namespace {

constexpr std::string_view kSchemaName = "schema";
constexpr std::string_view kUidName = "uid";
/// Goes up when the encoding changes.
constexpr std::string_view kFormat = "baedal-lmdb-1";

std::size_t columns_always(const Table& table) {
  const auto added = std::ranges::find_if(table.columns, &Column::added);
  return static_cast<std::size_t>(added - table.columns.begin());
}

enum class Columns { kAll, kAlways };

/// One number for all that the encoding relies on: names, types and indexes of all tables.
std::int64_t number_of(const std::vector<const Table*>& tables, Columns which = Columns::kAll) {
  std::uint64_t hash = stable_hash(kFormat);
  const auto mix = [&hash](std::string_view part) {
    hash = stable_hash("\n", stable_hash(part, hash));
  };
  for (const Table* table : tables) {
    mix(table->name);
    for (const Column& column : table->columns) {
      if (column.added && which == Columns::kAlways) continue;
      mix(column.name);
      mix(column.type == ColumnType::kInteger ? "integer" : "text");
    }
    for (const Index& index : table->indexes) {
      mix(table->columns[index.column].name);
      mix(index.unique ? "unique" : "index");
    }
  }
  return static_cast<std::int64_t>(hash);
}

std::string draw_uid() {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::random_device random;
  std::string uid;
  for (int i = 0; i < 16; ++i) uid.push_back(kDigits[random() % kDigits.size()]);
  return uid;
}

int put(MDB_txn* txn, MDB_dbi dbi, std::string_view key, std::string_view value) {
  MDB_val k = to_val(key);
  MDB_val v = to_val(value);
  return mdb_put(txn, dbi, &k, &v, 0);
}

}  // namespace

const Layout::IndexLayout* Layout::TableLayout::index_on(std::size_t column) const {
  for (const IndexLayout& index : indexes) {
    if (index.column == column) return &index;
  }
  return nullptr;
}

Layout::Layout(const std::vector<const Table*>& tables) : schema_number_(number_of(tables)) {
  add("meta", Kind::kRecord);
  add("outbox", Kind::kRecord);
  add("once", Kind::kRecord);
  add("once-time", Kind::kRecord);
  for (const Table* table : tables) {
    const std::string name(table->name);
    TableLayout layout{
        table, tables_.size(), add("t:" + name, Kind::kRecord), {}, columns_always(*table)};
    for (const Index& index : table->indexes) {
      BAEDAL_ASSERT(index.column < layout.columns_always);
      const std::string of = name + "." + std::string(table->columns[index.column].name);
      const auto pairs = add("i:" + of, Kind::kPair);
      const auto lookup = index.unique ? add("u:" + of, Kind::kLookup) : pairs;
      layout.indexes.push_back({index.column, index.unique, pairs, lookup});
    }
    tables_.push_back(std::move(layout));
  }
}

Result<void> Layout::open(MDB_txn* txn, bool create) {
  if (auto checked = check_schema(txn, create); !checked) return checked;
  for (Space& space : spaces_) {
    if (space.kind == Kind::kLookup) continue;
    const unsigned flags =
        (create ? MDB_CREATE : 0U) | (space.kind == Kind::kPair ? MDB_DUPSORT | MDB_DUPFIXED : 0U);
    const int code = mdb_dbi_open(txn, space.name.c_str(), flags, &space.dbi);
    if (code != MDB_SUCCESS) return lmdb_error(code, "open");
  }
  for (TableLayout& table : tables_) {
    for (const IndexLayout& index : table.indexes) {
      if (index.unique) spaces_[index.lookup].dbi = spaces_[index.pairs].dbi;
    }
  }
  return {};
}

const Layout::TableLayout& Layout::of(const Table& table) const {
  for (const TableLayout& layout : tables_) {
    if (layout.table == &table) return layout;
  }
  for (const TableLayout& layout : tables_) {
    if (layout.table->name == table.name) return layout;
  }
  BAEDAL_ASSERT(!"a table of this store");
  return tables_.front();
}

WriteSet::Space Layout::add(std::string name, Kind kind) {
  BAEDAL_ASSERT(spaces_.size() < std::numeric_limits<WriteSet::Space>::max());
  spaces_.push_back({std::move(name), kind});
  return static_cast<WriteSet::Space>(spaces_.size() - 1);
}

Result<void> Layout::check_schema(MDB_txn* txn, bool create) {
  MDB_dbi meta = 0;
  int code = mdb_dbi_open(txn, spaces_[kMeta].name.c_str(), 0, &meta);
  if (code == MDB_NOTFOUND) {
    MDB_dbi root = 0;
    MDB_stat stat{};
    code = mdb_dbi_open(txn, nullptr, 0, &root);
    if (code == MDB_SUCCESS) code = mdb_stat(txn, root, &stat);
    if (code != MDB_SUCCESS) return lmdb_error(code, "open");
    if (stat.ms_entries == 0 && create) return write_identity(txn);
  }
  if (code != MDB_SUCCESS && code != MDB_NOTFOUND) return lmdb_error(code, "open");
  MDB_val key = to_val(kUidName);
  MDB_val value{};
  if (code == MDB_NOTFOUND || mdb_get(txn, meta, &key, &value) != MDB_SUCCESS) {
    return fail(ErrorKind::kInternal, "store-foreign",
                "The folder holds an LMDB file that is empty or of another program; nothing was "
                "changed. Choose another folder, or delete that one.");
  }
  // Once set it stays: other threads read it.
  if (uid_.empty()) uid_ = from_val(value);
  auto number = read_number(txn, meta, kSchemaName, 0);
  if (!number) return pass_on(number);
  if (*number == schema_number_) return {};
  if (create && has_grown_from(*number)) {
    const IdKey own = id_key(schema_number_);
    if (code = put(txn, meta, kSchemaName, view(own)); code == MDB_SUCCESS) return {};
    return lmdb_error(code, "open");
  }
  return fail(ErrorKind::kConflict, "schema-changed",
              "The store was written with other tables, columns or indexes than this version has. "
              "A view is deleted and rebuilt from the events; other stores need the version that "
              "wrote them.");
}

bool Layout::has_grown_from(std::int64_t schema_number) const {
  const auto is_of = [&](const std::vector<const Table*>& tables) {
    return number_of(tables) == schema_number ||
           number_of(tables, Columns::kAlways) == schema_number;
  };
  std::vector<const Table*> all;
  for (const TableLayout& layout : tables_) all.push_back(layout.table);
  if (is_of(all)) return true;
  for (std::size_t added = 0; added < tables_.size(); ++added) {
    std::vector<const Table*> before;
    for (const TableLayout& layout : tables_) {
      if (layout.position != added) before.push_back(layout.table);
    }
    if (is_of(before)) return true;
  }
  return false;
}

Result<void> Layout::write_identity(MDB_txn* txn) {
  MDB_dbi meta = 0;
  uid_ = draw_uid();
  const IdKey number = id_key(schema_number_);
  int code = mdb_dbi_open(txn, spaces_[kMeta].name.c_str(), MDB_CREATE, &meta);
  if (code == MDB_SUCCESS) code = put(txn, meta, kSchemaName, view(number));
  if (code == MDB_SUCCESS) code = put(txn, meta, kUidName, uid_);
  if (code != MDB_SUCCESS) return lmdb_error(code, "open");
  return {};
}

Result<std::int64_t> read_number(MDB_txn* txn, MDB_dbi meta, std::string_view name,
                                 std::int64_t otherwise) {
  MDB_val key = to_val(name);
  MDB_val value{};
  const int code = mdb_get(txn, meta, &key, &value);
  if (code == MDB_NOTFOUND) return otherwise;
  if (code != MDB_SUCCESS) return lmdb_error(code, "read");
  if (value.mv_size != sizeof(IdKey)) return damaged("a counter");
  return read_id(from_val(value));
}

std::string next_id_name(const Table& table) { return "next:" + std::string(table.name); }
std::string row_count_name(const Table& table) { return "rows:" + std::string(table.name); }

}  // namespace baedal::store::lmdb
