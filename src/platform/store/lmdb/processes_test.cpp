// A second process looks in while the first one writes, and the map grows beyond what it has
// mapped.
#include <sys/wait.h>
#include <unistd.h>

#include "platform/store/lmdb/test_support.hpp"

namespace baedal::store::lmdb {
namespace {

/// A pipe for passing the turn to another process.
class Turn {
 public:
  Turn() { EXPECT_EQ(::pipe(fds_), 0); }
  ~Turn() {
    ::close(fds_[0]);
    ::close(fds_[1]);
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  void give() const { EXPECT_EQ(::write(fds_[1], "x", 1), 1); }
  void wait() const {
    char byte = 0;
    EXPECT_EQ(::read(fds_[0], &byte, 1), 1);
  }

 private:
  int fds_[2];
};

constexpr std::int64_t kRowsAtFirst = 10;
constexpr std::int64_t kRowsAtLast = 20'000;

[[noreturn]] void look_in(const std::string& path, const Turn& mine, const Turn& theirs) {
  mine.wait();
  StoreUnderTest store({.path = path, .read_only = true});
  const bool first = store.find(kRowsAtFirst) == plain_row(kRowsAtFirst);
  theirs.give();
  mine.wait();
  const bool last =
      store.find(kRowsAtLast) == plain_row(kRowsAtLast) && store.page({}).total_rows == kRowsAtLast;
  ::_exit(first && last ? 0 : 1);
}

TEST(LmdbProcesses, a_reader_in_another_process_follows_the_growing_map) {
  const TempFolder folder;
  const Turn readers;
  const Turn writers;
  const pid_t child = ::fork();
  if (child == 0) look_in(folder.store(), readers, writers);

  StoreUnderTest store({.path = folder.store(), .map_size_initial = std::size_t{1} << 20});
  std::vector<Row> rows;
  for (std::int64_t id = 1; id <= kRowsAtFirst; ++id) rows.push_back(plain_row(id));
  ASSERT_TRUE(store.insert(rows).has_value());
  readers.give();
  writers.wait();
  rows.clear();
  for (std::int64_t id = kRowsAtFirst + 1; id <= kRowsAtLast; ++id) rows.push_back(plain_row(id));
  ASSERT_TRUE(store.insert(rows).has_value());
  readers.give();
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace baedal::store::lmdb
