// What is LMDB's own: the growing map, folders and locks, damage, schema changes, a full disk.
#include "platform/store/lmdb/lmdb_store.hpp"

#include <gmock/gmock.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "platform/store/lmdb/test_support.hpp"

namespace baedal::store::lmdb {
namespace {

constexpr std::size_t kMiB = std::size_t{1} << 20;

std::vector<Row> rows_from(std::int64_t first, std::int64_t count) {
  std::vector<Row> rows;
  for (std::int64_t id = first; id < first + count; ++id) rows.push_back(plain_row(id));
  return rows;
}

Error open_error(const std::string& path, const Table& table = kThings, bool read_only = false) {
  const StillClock clock;
  const auto opened =
      LmdbStore::open({.path = path, .tables = {&table}, .clock = &clock, .read_only = read_only});
  return opened ? Error{} : opened.error();
}

TEST(LmdbStore, the_map_grows_under_load_while_others_read) {
  const TempFolder folder;
  StoreUnderTest store({.path = folder.store(), .map_size_initial = kMiB});
  ASSERT_TRUE(store.insert(rows_from(1, 1)).has_value());
  std::atomic<bool> stop{false};
  std::atomic<int> reads{0};
  std::jthread reader([&] {
    ManualExecutor executor;
    while (!stop) {
      const auto found = executor.run(store->find(kThings, 1));
      EXPECT_TRUE(found.has_value() && found->has_value());
      const auto page = executor.run(store->page(kThings, {3, 100, {{kWeight}}}));
      EXPECT_TRUE(page.has_value());
      reads += 1;
    }
  });
  for (std::int64_t first = 2; first < 40'000; first += 1000) {
    ASSERT_TRUE(store.insert(rows_from(first, 1000)).has_value());
  }
  while (reads < 10) std::this_thread::yield();
  stop = true;
  reader.join();
  EXPECT_GT(std::filesystem::file_size(folder.data_file()), 8 * kMiB);
  EXPECT_EQ(store.page({}).total_rows, 40'001);
}

TEST(LmdbStore, reads_see_each_commit_and_keep_no_page_from_being_used_again) {
  const TempFolder folder;
  StoreUnderTest store({.path = folder.store(), .map_size_initial = kMiB});
  ASSERT_TRUE(store.insert(rows_from(1, 1)).has_value());
  Row row = plain_row(1);
  for (std::int64_t i = 0; i < 300; ++i) {  // 40 kB each, were it not for the pages of before
    row[kWeight] = i;
    ASSERT_TRUE(store.commit([&row](Tx& tx) -> Result<std::string> {
      if (auto done = tx.update(kThings, row); !done) return pass_on(done);
      return std::string();
    }));
    ASSERT_EQ(store.find(1), row);
    ASSERT_EQ(store.find(1), row);
    ASSERT_EQ(store.find_by(kName, row[kName]), row);
  }
  EXPECT_EQ(std::filesystem::file_size(folder.data_file()), kMiB);
}

TEST(LmdbStore, a_body_runs_once_though_the_map_grew_for_it) {
  const TempFolder folder;
  StoreUnderTest store({.path = folder.store(), .map_size_initial = kMiB});
  int runs = 0;
  const auto done = store.commit([&](Tx& tx) -> Result<std::string> {
    ++runs;
    for (const Row& row : rows_from(1, 10'000)) {
      if (auto inserted = tx.insert(kThings, row); !inserted) return pass_on(inserted);
    }
    return std::string("answer");
  });
  ASSERT_TRUE(done.has_value());
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(store.find(10'000), plain_row(10'000));
}

TEST(LmdbStore, at_its_largest_size_it_refuses_writes_until_it_may_be_larger) {
  const TempFolder folder;
  LmdbOptions options{.path = folder.store(), .map_size_initial = kMiB, .map_size_max = 2 * kMiB};
  std::int64_t next = 1;
  {
    StoreUnderTest store(options);
    Result<CommitOutcome> done = store.insert(rows_from(next, 500));
    while (done) {
      next += 500;
      done = store.insert(rows_from(next, 500));
    }
    EXPECT_EQ(done.error().kind, ErrorKind::kUnavailable);
    EXPECT_FALSE(store->health().has_value());
    EXPECT_EQ(store.page({}).total_rows, next - 1);
  }
  options.map_size_max = 8 * kMiB;
  StoreUnderTest store(options);
  EXPECT_EQ(store.page({}).total_rows, next - 1);
  ASSERT_TRUE(store.insert(rows_from(next, 500)).has_value());
  EXPECT_TRUE(store->health().has_value());
}

TEST(LmdbStore, a_disk_without_room_is_unavailable_and_heals_by_itself) {
  const TempFolder folder;
  StoreUnderTest store({.path = folder.store()});
  ASSERT_TRUE(store.insert(rows_from(1, 100)).has_value());
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const auto old_handler = ::signal(SIGXFSZ, SIG_IGN);
  const rlimit tight{kMiB / 2, before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &tight);
  const auto refused = store.insert(rows_from(101, 10'000));
  ::setrlimit(RLIMIT_FSIZE, &before);
  ::signal(SIGXFSZ, old_handler);

  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(store.page({}).total_rows, 100);
  while (!store->health()) std::this_thread::yield();
  ASSERT_TRUE(store.insert(rows_from(101, 10'000)).has_value());
  store.reopen();
  EXPECT_EQ(store.page({}).total_rows, 10'100);
}

TEST(LmdbStore, a_second_writer_is_refused_and_a_reader_is_not) {
  const TempFolder folder;
  {
    StoreUnderTest store({.path = folder.store()});
    EXPECT_EQ(open_error(folder.store()).code, "store-locked");
    EXPECT_EQ(LmdbStore::wipe(folder.store()).error().code, "store-locked");
    ASSERT_TRUE(store.insert(rows_from(1, 10)).has_value());
  }
  StoreUnderTest reader({.path = folder.store(), .read_only = true});
  EXPECT_EQ(reader.find(10), plain_row(10));
  EXPECT_EQ(reader.insert(rows_from(11, 1)).error().kind, ErrorKind::kUnavailable);
}

TEST(LmdbStore, damaged_files_are_refused_with_advice) {
  const auto make = [](const TempFolder& folder) {
    StoreUnderTest store({.path = folder.store()});
    ASSERT_TRUE(store.insert(rows_from(1, 1000)).has_value());
  };
  const TempFolder overwritten;
  make(overwritten);
  std::fstream(overwritten.data_file()) << std::string(64, 'x');
  EXPECT_EQ(open_error(overwritten.store()).code, "store-damaged");

  const TempFolder cut;
  make(cut);
  std::filesystem::resize_file(cut.data_file(), 100'000);
  EXPECT_EQ(open_error(cut.store()).code, "store-damaged");
  EXPECT_EQ(open_error(cut.store(), kThings, true).code, "store-damaged");

  const TempFolder emptied;
  make(emptied);
  const auto length = std::filesystem::file_size(emptied.data_file());
  std::filesystem::resize_file(emptied.data_file(), 8192);  // behind the two meta pages: zeros
  std::filesystem::resize_file(emptied.data_file(), length);
  EXPECT_EQ(open_error(emptied.store()).code, "store-damaged");

  const TempFolder text;
  std::filesystem::create_directories(text.store());
  std::ofstream(text.data_file()) << "not a database";
  EXPECT_EQ(open_error(text.store()).code, "store-damaged");
  EXPECT_THAT(open_error(text.store()).detail, testing::HasSubstr("delete it"));
}

TEST(LmdbStore, another_schema_is_noticed_and_a_wiped_folder_begins_anew) {
  static constexpr std::array<Index, 1> kFewerIndexes = {{{kName, true}}};
  static constexpr Table kChanged{"things", kColumns, kFewerIndexes};
  const TempFolder folder;
  std::string uid;
  {
    StoreUnderTest store({.path = folder.store()});
    ASSERT_TRUE(store.insert(rows_from(1, 10)).has_value());
    uid = store->uid();
  }
  EXPECT_EQ(open_error(folder.store(), kChanged).code, "schema-changed");
  {
    StoreUnderTest untouched({.path = folder.store()});
    EXPECT_EQ(untouched->uid(), uid);
    EXPECT_EQ(untouched.find(10), plain_row(10));
  }
  ASSERT_TRUE(LmdbStore::wipe(folder.store()).has_value());
  EXPECT_FALSE(std::filesystem::exists(folder.store()));
  ASSERT_TRUE(LmdbStore::wipe(folder.store()).has_value());
  EXPECT_EQ(open_error(folder.store(), kChanged).code, "");
  EXPECT_EQ(open_error(folder.store()).code, "schema-changed");
}

TEST(LmdbStore, a_table_that_was_not_there_yet_is_added) {
  static constexpr Column kMoreColumns[] = {{"id", ColumnType::kInteger},
                                            {"owner", ColumnType::kText}};
  static constexpr Index kMoreIndexes[] = {{1}};
  static constexpr Table kMore{"more", kMoreColumns, kMoreIndexes};
  const TempFolder folder;
  {
    StoreUnderTest store({.path = folder.store()});
    ASSERT_TRUE(store.insert(rows_from(1, 10)).has_value());
  }
  const StillClock clock;
  for (const std::vector<const Table*>& tables :
       {std::vector<const Table*>{&kThings, &kMore}, std::vector<const Table*>{&kThings, &kMore}}) {
    auto opened = LmdbStore::open({.path = folder.store(), .tables = tables, .clock = &clock});
    ASSERT_TRUE(opened) << opened.error().detail;
    ManualExecutor executor;
    EXPECT_EQ(executor.run((*opened)->find(kThings, 10)).value(), plain_row(10));
    EXPECT_EQ(executor.run((*opened)->find(kMore, 1)).value(), std::nullopt);
  }
  EXPECT_EQ(open_error(folder.store()).code, "schema-changed") << "not back again";
}

TEST(LmdbStore, a_column_that_was_not_there_yet_is_added_and_null_in_the_rows_of_before) {
  static constexpr std::array<Column, 6> kMoreColumns = {{kColumns[0],
                                                          kColumns[1],
                                                          kColumns[2],
                                                          kColumns[3],
                                                          kColumns[4],
                                                          {"story", ColumnType::kText, true}}};
  static constexpr Table kMore{"things", kMoreColumns, kIndexes};
  const TempFolder folder;
  {
    StoreUnderTest store({.path = folder.store()});
    ASSERT_TRUE(store.insert(rows_from(1, 10)).has_value());
  }
  const StillClock clock;
  ManualExecutor executor;
  Row before = plain_row(10);
  before.emplace_back();
  Row after = before;
  after.back() = std::string{"long"};
  {
    auto opened = LmdbStore::open({.path = folder.store(), .tables = {&kMore}, .clock = &clock});
    ASSERT_TRUE(opened) << opened.error().detail;
    EXPECT_EQ(executor.run((*opened)->find(kMore, 10)).value(), before);
    const PageRequest last{.page = 9, .size = 1};
    EXPECT_EQ(executor.run((*opened)->page(kMore, last)).value().rows, std::vector<Row>{before});
    auto body = [&](Tx& tx) -> Result<std::string> {
      EXPECT_EQ(tx.find(kMore, 10).value(), before);
      EXPECT_TRUE(tx.update(kMore, after));
      return std::string{};
    };
    const OnceKey key = OnceKey::none();
    EXPECT_TRUE(executor.run((*opened)->commit_once(key, body)));
  }
  auto again = LmdbStore::open({.path = folder.store(), .tables = {&kMore}, .clock = &clock});
  ASSERT_TRUE(again) << again.error().detail;
  EXPECT_EQ(executor.run((*again)->find(kMore, 10)).value(), after);
  again->reset();
  EXPECT_EQ(open_error(folder.store()).code, "schema-changed") << "not back again";
}

TEST(LmdbStore, two_stores_side_by_side_keep_apart) {
  const TempFolder first_folder;
  const TempFolder second_folder;
  StoreUnderTest first({.path = first_folder.store()});
  StoreUnderTest second({.path = second_folder.store()});
  EXPECT_NE(first->uid(), second->uid());
  ASSERT_TRUE(first.insert(rows_from(1, 5)).has_value());
  ASSERT_TRUE(second.insert(rows_from(1, 3)).has_value());
  second.close();
  EXPECT_EQ(first.page({}).total_rows, 5);
}

TEST(LmdbStore, closing_finishes_the_lists_that_wait) {
  const TempFolder folder;
  StoreUnderTest store({.path = folder.store()});
  ASSERT_TRUE(store.insert(rows_from(1, 2000)).has_value());
  constexpr int kLists = 20;
  int done = 0;
  const PageRequest request{50, 20, {{kShade}, {kWeight}}};
  auto list = [&]() -> Task<void> {
    const auto page = co_await store->page(kThings, request);
    EXPECT_EQ(page.value().rows.size(), 20U);
    ++done;
  };
  ManualExecutor executor;
  for (int i = 0; i < kLists; ++i) executor.post([&] { spawn(list()); });
  executor.run_ready();
  store.close();
  executor.run_ready();
  EXPECT_EQ(done, kLists);
}

TEST(LmdbStore, ids_and_seqs_go_on_after_reopening_and_what_was_relayed_is_gone) {
  const TempFolder folder;
  StoreUnderTest store({.path = folder.store()});
  const auto append = [&] {
    const auto done = store.commit([](Tx& tx) -> Result<std::string> {
      const auto id = tx.next_id(kThings);
      if (!id) return std::unexpected(id.error());
      if (auto appended = tx.append({"Made", "k", {}, "{}"}); !appended) return pass_on(appended);
      return std::to_string(*id);
    });
    return done.value().answer;
  };
  EXPECT_EQ(append(), "1");
  EXPECT_EQ(append(), "2");
  store->mark_relayed(1);
  store.reopen();
  const auto rows = store.run(store->read_outbox(0, 10)).value();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].seq, 2);
  store->mark_relayed(2);
  store.reopen();
  EXPECT_EQ(append(), "3");
  EXPECT_EQ(store.run(store->read_outbox(0, 10)).value().at(0).seq, 3);
}

TEST(LmdbStore, a_key_longer_than_lmdb_allows_is_still_a_key) {
  const TempFolder folder;
  StoreUnderTest store({.path = folder.store()});
  const std::string common(5000, 'k');
  auto body = [](Tx&) -> Result<std::string> { return std::string("first"); };
  EXPECT_FALSE(store.commit(body, {common + "1", 1}).value().replayed);
  EXPECT_FALSE(store.commit(body, {common + "2", 1}).value().replayed);
  store.reopen();
  EXPECT_TRUE(store.commit(body, {common + "1", 1}).value().replayed);
  EXPECT_EQ(store.run(store->sweep_keys({2'000'000}, 1)).value(), 1);
  EXPECT_EQ(store.run(store->sweep_keys({2'000'000}, 10)).value(), 1);
  EXPECT_FALSE(store.commit(body, {common + "1", 1}).value().replayed);
}

}  // namespace
}  // namespace baedal::store::lmdb
