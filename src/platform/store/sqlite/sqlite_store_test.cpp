// What only SQLite can do wrong: locks, disks, lists, the log. Method: the real store on a folder
// of its own; a raw connection beside it where the file itself is looked at.

#include "platform/store/sqlite/sqlite_store.hpp"

#include <sys/resource.h>

#include <csignal>
#include <set>
#include <thread>

#include "platform/store/sqlite/database.hpp"
#include "platform/store/sqlite/sqlite_under_test.hpp"

BAEDAL_STORE_CONFORMANCE(Sqlite, [] { return std::make_unique<baedal::store::SqliteUnderTest>(); });

namespace baedal::store {
namespace {

using conformance::append_event;
using conformance::insert_thing;
using conformance::kLabel;
using conformance::kShelf;
using conformance::kThings;

class SqliteStoreTest : public testing::Test {
 protected:
  std::unique_ptr<SqliteStore> open(SqliteOptions options) {
    auto opened = SqliteStore::open(std::move(options));
    if (!opened) ADD_FAILURE() << opened.error().detail;
    return opened ? std::move(*opened) : nullptr;
  }
  SqliteOptions options() { return options_of_things(folder.file("things.db"), clock); }

  /// Commits `count` things with a note of `bytes` in one body.
  Result<CommitOutcome> add(Store& store, int count = 1, std::size_t bytes = 10) {
    const OnceKey key;
    auto body = [&](Tx& tx) -> Result<std::string> {
      for (int i = 0; i < count; ++i) {
        auto id = insert_thing(tx, {}, i % 7, std::string(bytes, 'x'));
        if (!id) return pass_on(id);
        if (i + 1 == count) return std::to_string(*id);
      }
      return "";
    };
    return executor.run(store.commit_once(key, body));
  }
  Page page(Store& store, PageRequest request = {}) {
    auto found = executor.run(store.page(kThings, request));
    EXPECT_TRUE(found);
    return found ? *found : Page{};
  }
  /// A number out of the file, read beside the store.
  std::int64_t look(const std::string& sql) {
    sqlite::Connection db;
    db.open(folder.file("things.db"), sqlite::Connection::Mode::kRead, std::chrono::seconds{5});
    return db.integer(sql).value_or(-1);
  }

  TempFolder folder;
  conformance::TestClock clock;
  ManualExecutor executor;
};

TEST_F(SqliteStoreTest, concurrent_callers_share_their_syncs) {
  const auto store = open(options());
  const auto caller = [&](int i) -> Task<void> {
    for (int round = 0; round < 10; ++round) {
      const OnceKey key;
      auto body = [&](Tx& tx) -> Result<std::string> {
        auto id = insert_thing(tx, {}, i);
        if (!id) return pass_on(id);
        return "";
      };
      auto outcome = co_await store->commit_once(key, body);
      EXPECT_TRUE(outcome);
    }
  };
  auto all = [&]() -> Task<void> {
    TaskGroup group;
    for (int i = 0; i < 64; ++i) group.spawn(caller(i));
    co_await group.join();
  };
  executor.run(all());
  const StoreStats stats = store->stats();
  EXPECT_EQ(stats.bodies, 640U);
  EXPECT_LT(stats.groups, 320U);
  EXPECT_EQ(page(*store).total_rows, 640);
}

TEST_F(SqliteStoreTest, a_full_disk_is_unavailable_without_naming_the_file_and_passes) {
  const auto store = open(options());
  ASSERT_TRUE(add(*store, 50, 1'000));
  store->exec_on_writer("PRAGMA max_page_count = 1");  // no page more than there are
  Result<CommitOutcome> outcome;
  std::int64_t rows = 50;
  while ((outcome = add(*store, 20, 1'000))) rows += 20;
  EXPECT_EQ(outcome.error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(outcome.error().code, "store-unavailable");
  EXPECT_EQ(outcome.error().retry_after, std::chrono::seconds{1});
  EXPECT_EQ(outcome.error().detail, "The disk of the database is full.");
  EXPECT_EQ(page(*store).total_rows, rows);
  store->exec_on_writer("PRAGMA max_page_count = 1000000");
  EXPECT_TRUE(add(*store, 20, 1'000));
  EXPECT_TRUE(store->health());
  EXPECT_EQ(page(*store).total_rows, rows + 20);
}

/// Limits how long a file may get, for this process, while it lives.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() { ::setrlimit(RLIMIT_FSIZE, &before_); }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
};

TEST_F(SqliteStoreTest, a_log_that_cannot_grow_fails_the_group_and_recovers_by_itself) {
  const auto store = open(options());
  ASSERT_TRUE(add(*store));
  {
    const FileSizeLimit limit(1 << 20);
    const auto outcome = add(*store, 3'000, 1'000);
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().detail, "The disk of the database is full.");
    EXPECT_EQ(page(*store).total_rows, 1);
  }
  EXPECT_TRUE(add(*store, 3'000, 1'000));
  EXPECT_TRUE(store->health());
  EXPECT_EQ(page(*store).total_rows, 3'001);
}

TEST_F(SqliteStoreTest, a_log_that_fails_with_its_sync_fails_the_group) {
  const auto store = open(options());
  ASSERT_TRUE(add(*store));
  const auto before = look("SELECT count(*) FROM things");
  {
    // So small a group is written in one piece, when it is synced.
    const FileSizeLimit limit(4'096);
    EXPECT_FALSE(add(*store, 20, 1'000));
    EXPECT_EQ(look("SELECT count(*) FROM things"), before);
  }
  EXPECT_TRUE(add(*store, 20, 1'000));
  EXPECT_EQ(look("SELECT count(*) FROM things"), before + 20);
}

TEST_F(SqliteStoreTest, groups_of_any_size_are_whole_for_others_and_after_opening_anew) {
  std::int64_t rows = 0;
  auto store = open(options());
  // Around the 128 KiB that SQLite's file system writes at once.
  for (const int count : {1, 25, 28, 29, 30, 31, 32, 33, 64, 65, 200}) {
    ASSERT_TRUE(add(*store, count, 4'000));
    rows += count;
    EXPECT_EQ(look("SELECT count(*) FROM things"), rows);
  }
  store.reset();
  store = open(options());
  EXPECT_EQ(page(*store).total_rows, rows);
  EXPECT_EQ(look("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'"), 1);
}

TEST_F(SqliteStoreTest, a_body_that_fails_after_it_wrote_takes_nothing_of_its_group_along) {
  const auto store = open(options());
  const auto caller = [&](int i) -> Task<void> {
    const OnceKey key{"key-" + std::to_string(i), 1};
    auto body = [&](Tx& tx) -> Result<std::string> {
      auto id = insert_thing(tx, {}, i);
      if (!id) return pass_on(id);
      if (auto sent = append_event(tx, std::to_string(i)); !sent) return pass_on(sent);
      if (i % 3 == 1) return fail(ErrorKind::kConflict, "no", "No.");
      return std::to_string(i);
    };
    const auto outcome = co_await store->commit_once(key, body);
    EXPECT_EQ(outcome.has_value(), i % 3 != 1);
    EXPECT_EQ(outcome ? outcome->answer : "refused", i % 3 != 1 ? std::to_string(i) : "refused");
  };
  auto all = [&]() -> Task<void> {
    TaskGroup group;
    for (int i = 0; i < 30; ++i) group.spawn(caller(i));
    co_await group.join();
  };
  executor.run(all());
  EXPECT_EQ(page(*store).total_rows, 20);
  EXPECT_EQ(look("SELECT count(*) FROM things"), 20);
  EXPECT_EQ(look("SELECT count(*) FROM outbox"), 20);
  EXPECT_EQ(look("SELECT count(*) FROM once_keys"), 20);
}

TEST_F(SqliteStoreTest, new_rows_of_a_group_are_seen_by_its_bodies_and_go_with_the_one_that_fails) {
  const auto store = open(options());
  // Each body looks at a row of the one before, changes or erases it, and adds two of its own.
  const auto caller = [&](std::int64_t i) -> Task<void> {
    const OnceKey key;
    auto body = [&](Tx& tx) -> Result<std::string> {
      auto first = insert_thing(tx, {}, i);
      auto second = first ? insert_thing(tx, {}, i) : first;
      if (!second) return pass_on(second);
      if (i % 4 == 0) return "";
      auto mine = tx.find(kThings, *second);
      if (!mine || !*mine) return fail(ErrorKind::kInternal, "lost", "A new row is not there.");
      if (i % 4 == 1) return fail(ErrorKind::kConflict, "no", "No.");
      (**mine)[kShelf] = 1'000;
      if (auto done = tx.update(kThings, **mine); !done) return pass_on(done);
      auto erased = tx.erase(kThings, *first);
      if (!erased || !*erased) return fail(ErrorKind::kInternal, "lost", "A row cannot be erased.");
      return "";
    };
    const auto outcome = co_await store->commit_once(key, body);
    EXPECT_EQ(outcome ? "" : outcome.error().code, i % 4 == 1 ? "no" : "");
  };
  auto all = [&]() -> Task<void> {
    TaskGroup group;
    for (std::int64_t i = 0; i < 40; ++i) group.spawn(caller(i));
    co_await group.join();
  };
  executor.run(all());
  EXPECT_EQ(page(*store).total_rows, 10 * 2 + 20);
  EXPECT_EQ(look("SELECT count(*) FROM things"), 10 * 2 + 20);
  EXPECT_EQ(look("SELECT count(*) FROM things WHERE shelf = 1000"), 20);
}

TEST_F(SqliteStoreTest, a_read_only_database_still_reads_and_health_comes_back_without_traffic) {
  const auto store = open(options());
  ASSERT_TRUE(add(*store));
  store->exec_on_writer("PRAGMA query_only = ON");
  const auto outcome = add(*store);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().kind, ErrorKind::kUnavailable);
  ASSERT_FALSE(store->health());
  EXPECT_EQ(store->health().error().detail, "The database file is read-only.");
  EXPECT_EQ(page(*store).total_rows, 1);
  store->exec_on_writer("PRAGMA query_only = OFF");
  while (!store->health()) std::this_thread::yield();
  EXPECT_TRUE(add(*store));
}

TEST_F(SqliteStoreTest, a_second_server_on_the_file_is_refused_with_a_sentence) {
  const auto store = open(options());
  const auto second = SqliteStore::open(options());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, "store-in-use");
  EXPECT_NE(second.error().detail.find("in use by another server"), std::string::npos);
}

TEST_F(SqliteStoreTest, a_second_process_may_write_too_and_no_id_or_number_repeats) {
  const auto server = open(options());
  SqliteOptions beside = options();
  beside.exclusive = false;
  const auto tool = open(std::move(beside));
  std::set<std::string> ids;
  for (int i = 0; i < 40; ++i) {
    const OnceKey key;
    auto body = [&](Tx& tx) -> Result<std::string> {
      auto id = insert_thing(tx, {}, i);
      if (!id) return pass_on(id);
      auto appended = append_event(tx, std::to_string(i));
      if (!appended) return pass_on(appended);
      return std::to_string(*id);
    };
    Store& writer = i % 3 == 0 ? *tool : *server;
    const auto outcome = executor.run(writer.commit_once(key, body));
    ASSERT_TRUE(outcome);
    EXPECT_TRUE(ids.insert(outcome->answer).second);
  }
  EXPECT_EQ(page(*server).total_rows, 40);
  const auto rows = executor.run(server->read_outbox(0, 100));
  ASSERT_TRUE(rows);
  ASSERT_EQ(rows->size(), 40U);
  for (std::size_t i = 0; i < rows->size(); ++i) EXPECT_EQ((*rows)[i].event.key, std::to_string(i));
}

TEST_F(SqliteStoreTest, a_list_that_takes_too_long_is_ended) {
  SqliteOptions impatient = options();
  impatient.list_deadline = std::chrono::milliseconds{1};
  const auto store = open(std::move(impatient));
  ASSERT_TRUE(add(*store, 100'000));
  const PageRequest deep{90'000, 1, {{kLabel}, {kShelf, true}}};
  const auto found = executor.run(store->page(kThings, deep));
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, ErrorKind::kUnavailable);
  const auto one = executor.run(store->find(kThings, 5));
  EXPECT_TRUE(one && *one);
}

TEST_F(SqliteStoreTest, too_many_waiting_lists_are_shed) {
  SqliteOptions narrow = options();
  narrow.lists_waiting_max = 0;
  const auto store = open(std::move(narrow));
  const PageRequest request;
  const auto found = executor.run(store->page(kThings, request));
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, ErrorKind::kOverloaded);
}

TEST_F(SqliteStoreTest, the_log_starts_again_while_writing_goes_on) {
  SqliteOptions short_log = options();
  short_log.wal_pages_hint = 20;
  short_log.wal_pages_max = 40;
  const auto store = open(std::move(short_log));
  std::int64_t before = 0;
  int restarts = 0;
  for (int i = 0; restarts < 3; ++i) {
    ASSERT_LT(i, 20'000);
    ASSERT_TRUE(add(*store));
    const std::int64_t now = store->stats().log_bytes;
    restarts += now < before ? 1 : 0;
    before = now;
  }
}

TEST_F(SqliteStoreTest, relayed_rows_leave_the_file_while_nothing_else_happens) {
  const auto store = open(options());
  const OnceKey key;
  auto body = [](Tx& tx) -> Result<std::string> {
    auto appended = append_event(tx, "k");
    if (!appended) return pass_on(appended);
    return "";
  };
  ASSERT_TRUE(executor.run(store->commit_once(key, body)));
  EXPECT_EQ(look("SELECT count(*) FROM outbox"), 1);
  EXPECT_EQ(store->stats().outbox_rows, 1);
  store->mark_relayed(1);
  EXPECT_EQ(store->stats().outbox_rows, 0);
  while (look("SELECT count(*) FROM outbox") > 0) std::this_thread::yield();
  ASSERT_TRUE(executor.run(store->commit_once(key, body)));
  EXPECT_EQ(look("SELECT max(seq) FROM outbox"), 2);
  EXPECT_EQ(look("SELECT row_count FROM table_stats WHERE name = 'outbox'"), 1);
}

TEST_F(SqliteStoreTest, closing_leaves_one_file_with_everything_in_it) {
  open(options()).reset();
  {
    const auto store = open(options());
    ASSERT_TRUE(add(*store, 10));
  }
  EXPECT_FALSE(std::filesystem::exists(folder.file("things.db-wal")));
  EXPECT_EQ(look("SELECT count(*) FROM things"), 10);
}

TEST_F(SqliteStoreTest, an_update_touches_only_the_indexes_of_what_changed) {
  const auto store = open(options());
  ASSERT_TRUE(add(*store));
  for (const std::int64_t shelf : {5, 6, 6}) {
    const OnceKey key;
    auto body = [&](Tx& tx) -> Result<std::string> {
      auto row = tx.find(kThings, 1);
      if (!row || !*row) return fail(ErrorKind::kInternal, "x", "gone");
      (**row)[kShelf] = shelf;
      auto updated = tx.update(kThings, **row);
      if (!updated) return pass_on(updated);
      return "";
    };
    ASSERT_TRUE(executor.run(store->commit_once(key, body)));
    EXPECT_EQ(look("SELECT shelf FROM things"), shelf);
  }
  EXPECT_EQ(look("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"), 0);
}

}  // namespace
}  // namespace baedal::store
