// The environment under the store: reopening after LMDB gave up, with readers all the while.
#include "platform/store/lmdb/environment.hpp"

#include <atomic>
#include <thread>

#include "platform/store/lmdb/layout.hpp"
#include "platform/store/lmdb/test_support.hpp"

namespace baedal::store::lmdb {
namespace {

TEST(LmdbEnvironment, readers_go_on_while_it_is_reopened_and_grows) {
  const TempFolder folder;
  std::filesystem::create_directories(folder.store());
  Layout layout({&kThings});
  auto prepare = [&](MDB_txn* txn) { return layout.open(txn, true); };
  auto opened = Environment::open(
      {.folder = folder.store(), .map_size_initial = std::size_t{1} << 20}, prepare);
  ASSERT_TRUE(opened.has_value());
  Environment& environment = **opened;
  std::atomic<bool> stop{false};
  std::atomic<int> reads{0};
  const auto read_on = [&] {
    while (!stop) {
      const auto txn = environment.read();
      ASSERT_TRUE(txn.has_value());
      const auto number = read_number(txn->get(), layout.dbi(Layout::kMeta), "schema", 0);
      ASSERT_TRUE(number.has_value() && *number != 0);
      reads += 1;
    }
  };
  std::jthread first(read_on);
  std::jthread second(read_on);
  for (int i = 0; i < 8; ++i) {
    const int before = reads;
    ASSERT_TRUE(environment.reopen().has_value());
    ASSERT_TRUE(environment.grow().has_value());
    while (reads < before + 10) std::this_thread::yield();
  }
  stop = true;
  first.join();
  second.join();
  EXPECT_TRUE(environment.begin_write().has_value());
}

TEST(LmdbEnvironment, errors_tell_what_may_pass_from_what_will_not) {
  EXPECT_EQ(lmdb_error(MDB_MAP_FULL, "write").error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(lmdb_error(ENOSPC, "write").error().code, "store-full");
  EXPECT_EQ(lmdb_error(EIO, "write").error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(lmdb_error(EROFS, "open").error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(lmdb_error(MDB_CORRUPTED, "read").error().code, "store-damaged");
  EXPECT_EQ(lmdb_error(MDB_VERSION_MISMATCH, "open").error().code, "store-version");
}

}  // namespace
}  // namespace baedal::store::lmdb
