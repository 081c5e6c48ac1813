// Opening: migrations, checks of the schema, damage. Method: files made and spoiled by hand.

#include "platform/store/sqlite/migrate.hpp"

#include <fstream>

#include "platform/store/sqlite/sqlite_under_test.hpp"

namespace baedal::store {
namespace {

using conformance::insert_thing;
using conformance::kThings;

class MigrateTest : public testing::Test {
 protected:
  TempFolder folder;
  std::string path = folder.file("things.db");
  conformance::TestClock clock;
  ManualExecutor executor;

  SqliteOptions options() { return options_of_things(path, clock); }
  Error error_of_opening(SqliteOptions with) {
    auto opened = SqliteStore::open(std::move(with));
    EXPECT_FALSE(opened);
    return opened ? Error{} : opened.error();
  }
  void overwrite(std::streamoff at, const std::string& bytes) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(at);
    file << bytes;
  }
  void add_things(int count) {
    auto store = SqliteStore::open(options());
    ASSERT_TRUE(store);
    const OnceKey key;
    auto body = [&](Tx& tx) -> Result<std::string> {
      for (int i = 0; i < count; ++i) {
        auto id = insert_thing(tx, {}, 1, std::string(100, 'x'));
        if (!id) return pass_on(id);
      }
      return "";
    };
    ASSERT_TRUE(executor.run((*store)->commit_once(key, body)));
  }
};

TEST_F(MigrateTest, every_step_is_applied_once_the_platforms_first) {
  const auto first = migrate(path, conformance::migrations());
  ASSERT_TRUE(first);
  EXPECT_EQ(*first, (AppliedMigrations{"platform 0001_platform", "service 0001_things"}));
  const auto second = migrate(path, conformance::migrations());
  ASSERT_TRUE(second);
  EXPECT_TRUE(second->empty());
}

TEST_F(MigrateTest, a_database_newer_than_the_program_is_refused) {
  static constexpr Migration kNewer[] = {
      {1, "0001_things", "CREATE TABLE a (id BIGINT PRIMARY KEY)"},
      {2, "0002_more", "CREATE TABLE b (id BIGINT PRIMARY KEY)"}};
  ASSERT_TRUE(migrate(path, kNewer));
  const Error error = error_of_opening(options());
  EXPECT_EQ(error.code, "store-too-new");
  EXPECT_NE(error.detail.find("newer version"), std::string::npos);
}

TEST_F(MigrateTest, a_newer_database_is_worked_on_when_its_steps_say_so) {
  static constexpr Migration kNewer[] = {
      {1, "0001_things", "CREATE TABLE a (id BIGINT PRIMARY KEY)"},
      {2, "0002_more", "ALTER TABLE a ADD COLUMN note TEXT", 1},
      {3, "0003_index", "CREATE INDEX a_note ON a (note)", 2}};
  const std::span<const Migration> newest(kNewer);
  ASSERT_TRUE(migrate(path, newest.first(2)));
  EXPECT_TRUE(migrate(path, newest.first(1)));
  // One version back, not two.
  ASSERT_TRUE(migrate(path, newest));
  EXPECT_TRUE(migrate(path, newest.first(2)));
  const auto oldest = migrate(path, newest.first(1));
  ASSERT_FALSE(oldest);
  EXPECT_EQ(oldest.error().code, "store-too-new");
  EXPECT_NE(oldest.error().detail.find("knows step 2; this one knows 1"), std::string::npos)
      << oldest.error().detail;
  // What the older program leaves alone is not done again by the newer one.
  EXPECT_TRUE(migrate(path, newest)->empty());
}

TEST_F(MigrateTest, a_register_without_the_column_gets_it_and_its_steps_need_themselves) {
  ASSERT_TRUE(migrate(path, conformance::migrations()));
  sqlite::Connection db;
  ASSERT_EQ(db.open(path, sqlite::Connection::Mode::kWrite, std::chrono::seconds{1}), SQLITE_OK);
  ASSERT_EQ(db.exec("INSERT INTO schema_migrations (component, number, name) VALUES ('service', 2, "
                    "'0002_of_old'); ALTER TABLE schema_migrations DROP COLUMN works_with"),
            SQLITE_OK);
  const auto refused = migrate(path, conformance::migrations());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "store-too-new");
  ASSERT_EQ(db.exec("DELETE FROM schema_migrations WHERE number = 2"), SQLITE_OK);
  EXPECT_TRUE(migrate(path, conformance::migrations()));
}

TEST_F(MigrateTest, a_step_that_fails_leaves_nothing_and_is_named) {
  static constexpr Migration kBroken[] = {
      {1, "0001_broken", "CREATE TABLE a (id BIGINT PRIMARY KEY); CREATE NONSENSE"}};
  const auto failed = migrate(path, kBroken);
  ASSERT_FALSE(failed);
  EXPECT_NE(failed.error().detail.find("0001_broken"), std::string::npos);
  static constexpr Migration kMended[] = {
      {1, "0001_mended", "CREATE TABLE a (id BIGINT PRIMARY KEY)"}};
  EXPECT_TRUE(migrate(path, kMended));
}

TEST_F(MigrateTest, a_column_an_index_or_a_key_that_is_missing_is_named) {
  struct Case {
    const char* sql;
    const char* named;
  };
  const std::string all_indexes =
      "CREATE UNIQUE INDEX a ON things (code); CREATE INDEX c ON things (label);";
  const std::string columns = "code TEXT, shelf BIGINT, label TEXT";
  const std::string no_note = "CREATE TABLE things (id BIGINT PRIMARY KEY, " + columns + ");";
  const std::string no_index =
      "CREATE TABLE things (id BIGINT PRIMARY KEY, " + columns + ", note TEXT);" + all_indexes;
  const std::string not_unique = "CREATE TABLE things (id BIGINT PRIMARY KEY, " + columns +
                                 ", note TEXT); CREATE INDEX a ON things (code);";
  const std::string text_key =
      "CREATE TABLE things (id TEXT PRIMARY KEY, " + columns + ", note TEXT);";
  for (const auto& [sql, named] : {Case{no_note.c_str(), "column things.note"},
                                   Case{no_index.c_str(), "index on things.shelf"},
                                   Case{not_unique.c_str(), "unique index on things.code"},
                                   Case{text_key.c_str(), "primary key things.id"}}) {
    std::filesystem::remove(path);
    const Migration steps[] = {{1, "0001_things", sql}};
    SqliteOptions with = options();
    with.migrations = steps;
    const Error error = error_of_opening(std::move(with));
    EXPECT_EQ(error.code, "store-schema");
    EXPECT_NE(error.detail.find(named), std::string::npos) << error.detail;
  }
}

TEST_F(MigrateTest, rows_that_a_step_moves_are_counted_again) {
  add_things(5);
  const std::string first = conformance::migrations()[0].sql;
  const Migration steps[] = {{1, "0001_things", first.c_str()},
                             {2, "0002_less", "DELETE FROM things WHERE id IN (1, 5)"}};
  SqliteOptions with = options();
  with.migrations = steps;
  const auto store = SqliteStore::open(std::move(with));
  ASSERT_TRUE(store);
  const PageRequest request;
  EXPECT_EQ(executor.run((*store)->page(kThings, request))->total_rows, 3);
  const OnceKey key;
  auto body = [](Tx& tx) -> Result<std::string> { return std::to_string(*tx.next_id(kThings)); };
  EXPECT_EQ(executor.run((*store)->commit_once(key, body))->answer, "6");
}

TEST_F(MigrateTest, a_file_that_is_no_database_is_refused_and_says_what_to_do) {
  std::ofstream(path) << std::string(8'192, '?');
  const Error error = error_of_opening(options());
  EXPECT_EQ(error.code, "store-damaged");
  for (const char* part :
       {"things.db is damaged", "Restore a backup", "move it away", ".recover"}) {
    EXPECT_NE(error.detail.find(part), std::string::npos) << error.detail;
  }
}

TEST_F(MigrateTest, a_damaged_page_is_found_at_opening) {
  add_things(500);
  const auto bytes = static_cast<std::streamoff>(std::filesystem::file_size(path));
  for (std::streamoff at = 8 * 4'096; at < bytes; at += 4'096)
    overwrite(at, std::string(200, '\xff'));
  EXPECT_EQ(error_of_opening(options()).code, "store-damaged");
}

TEST_F(MigrateTest, a_file_cut_short_is_found_at_opening) {
  add_things(500);
  std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
  EXPECT_EQ(error_of_opening(options()).code, "store-damaged");
}

TEST_F(MigrateTest, a_path_that_cannot_be_is_refused_with_its_name) {
  SqliteOptions with = options();
  with.path = "/proc/no-such-folder/things.db";
  EXPECT_NE(error_of_opening(std::move(with)).detail.find("things.db"), std::string::npos);
}

}  // namespace
}  // namespace baedal::store
