#include "platform/store/sqlite/incoming_rows.hpp"

#include "platform/store/sqlite/table_sql.hpp"

namespace baedal::store::sqlite {
namespace {

constexpr const char* kName = "incoming_rows";

std::string columns(std::size_t count) {
  std::string list;
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) list += ", ";
    list += 'c';
    list += std::to_string(i);
  }
  return list;
}

}  // namespace

/// What SQLite calls to read the rows, as its virtual tables are made: a table and a cursor that
/// begin with SQLite's part.
struct IncomingRows::Module {
  struct VirtualTable {
    sqlite3_vtab base;
    IncomingRows* rows;
  };
  struct Cursor {
    sqlite3_vtab_cursor base;
    std::size_t row;
  };

  static Cursor& at(sqlite3_vtab_cursor* cursor) { return *reinterpret_cast<Cursor*>(cursor); }
  static IncomingRows& of(sqlite3_vtab_cursor* cursor) {
    return *reinterpret_cast<VirtualTable*>(cursor->pVtab)->rows;
  }

  static int connect(sqlite3* db, void* rows, int, const char* const*, sqlite3_vtab** made,
                     char**) {
    const std::string sql = "CREATE TABLE x(" + columns(kColumnsMax) + ")";
    if (const int code = sqlite3_declare_vtab(db, sql.c_str()); code != SQLITE_OK) return code;
    auto* table = new VirtualTable{.base = {}, .rows = static_cast<IncomingRows*>(rows)};
    *made = &table->base;
    return SQLITE_OK;
  }
  static int disconnect(sqlite3_vtab* table) {
    delete reinterpret_cast<VirtualTable*>(table);
    return SQLITE_OK;
  }
  static int best_index(sqlite3_vtab*, sqlite3_index_info*) { return SQLITE_OK; }  // all, in order
  static int open(sqlite3_vtab*, sqlite3_vtab_cursor** made) {
    *made = &(new Cursor{})->base;
    return SQLITE_OK;
  }
  static int close(sqlite3_vtab_cursor* cursor) {
    delete &at(cursor);
    return SQLITE_OK;
  }
  static int filter(sqlite3_vtab_cursor* cursor, int, const char*, int, sqlite3_value**) {
    at(cursor).row = 0;
    return SQLITE_OK;
  }
  static int next(sqlite3_vtab_cursor* cursor) {
    ++at(cursor).row;
    return SQLITE_OK;
  }
  static int eof(sqlite3_vtab_cursor* cursor) { return at(cursor).row >= of(cursor).rows_ ? 1 : 0; }
  static int column(sqlite3_vtab_cursor* cursor, sqlite3_context* result, int index) {
    const Cell cell = (*of(cursor).cell_)(at(cursor).row, static_cast<std::size_t>(index));
    if (const auto* number = std::get_if<std::int64_t>(&cell)) {
      sqlite3_result_int64(result, *number);
    } else if (const auto* text = std::get_if<std::string_view>(&cell)) {
      // A null pointer would be NULL: an empty view is an empty text.
      sqlite3_result_text64(result, text->empty() ? "" : text->data(), text->size(), SQLITE_STATIC,
                            SQLITE_UTF8);
    }
    return SQLITE_OK;
  }
  static int row_id(sqlite3_vtab_cursor* cursor, sqlite3_int64* id) {
    *id = static_cast<sqlite3_int64>(at(cursor).row);
    return SQLITE_OK;
  }

  static sqlite3_module make() {
    sqlite3_module module{};  // nothing to create: the table is there under the module's name
    module.xConnect = connect;
    module.xDisconnect = disconnect;
    module.xBestIndex = best_index;
    module.xOpen = open;
    module.xClose = close;
    module.xFilter = filter;
    module.xNext = next;
    module.xEof = eof;
    module.xColumn = column;
    module.xRowid = row_id;
    return module;
  }
};

int IncomingRows::attach(Connection& db) {
  static const sqlite3_module module = Module::make();
  return sqlite3_create_module_v2(db.handle(), kName, &module, this, nullptr);
}

int IncomingRows::insert(Statement& insert, std::size_t rows, CellOf cell) {
  rows_ = rows;
  cell_ = &cell;
  const int code = insert.run();
  rows_ = 0;
  cell_ = nullptr;
  return code;
}

std::string insert_rows_sql(std::string_view table, std::string_view columns_of_table,
                            std::size_t count) {
  // OR FAIL leaves what was inserted before an error, and so needs no copies of changed pages.
  return "INSERT OR FAIL INTO " + quoted(table) + " (" + std::string(columns_of_table) +
         ") SELECT " + columns(count) + " FROM " + kName;
}

IncomingRows::Cell view_of(const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
  if (const auto* text = std::get_if<std::string>(&value)) return std::string_view{*text};
  return {};
}

}  // namespace baedal::store::sqlite
