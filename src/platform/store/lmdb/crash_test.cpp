// A child process commits as fast as it can and reports each durable commit through a pipe; it is
// killed in the middle. Whatever it reported must be there afterwards, whole.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/async/sync.hpp"
#include "platform/store/lmdb/test_support.hpp"

namespace baedal::store::lmdb {
namespace {

constexpr int kCallers = 16;

Task<void> insert_and_report(LmdbStore& store, int report_fd) {
  std::int64_t id = 0;
  auto body = [&id](Tx& tx) -> Result<std::string> {
    id = tx.next_id(kThings).value();
    if (auto inserted = tx.insert(kThings, plain_row(id)); !inserted) return pass_on(inserted);
    OutboxEvent event{"Made", std::to_string(id), {}, "{}"};
    if (auto appended = tx.append(std::move(event)); !appended) return pass_on(appended);
    return std::string();
  };
  const OnceKey none;
  while (true) {
    const auto done = co_await store.commit_once(none, body);
    if (!done || ::write(report_fd, &id, sizeof id) != sizeof id) ::_exit(1);
  }
}

[[noreturn]] void commit_until_killed(const std::string& path, int report_fd) {
  const StillClock clock;
  auto store = LmdbStore::open(
      {.path = path, .tables = {&kThings}, .clock = &clock, .map_size_initial = 1 << 20});
  if (!store) ::_exit(1);
  auto all = [&]() -> Task<void> {
    TaskGroup group;
    for (int i = 0; i < kCallers; ++i) group.spawn(insert_and_report(**store, report_fd));
    co_await group.join();
  };
  ManualExecutor executor;
  executor.run(all());
  ::_exit(1);
}

/// The ids that a child reported before (and while) it was killed.
std::vector<std::int64_t> run_and_kill(const std::string& path, std::size_t after_reports) {
  int pipe_fds[2];
  if (::pipe(pipe_fds) != 0) return {};
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(pipe_fds[0]);
    commit_until_killed(path, pipe_fds[1]);
  }
  ::close(pipe_fds[1]);
  std::vector<std::int64_t> reported;
  std::int64_t id = 0;
  while (::read(pipe_fds[0], &id, sizeof id) == sizeof id) {
    reported.push_back(id);
    if (reported.size() == after_reports) ::kill(child, SIGKILL);
  }
  ::close(pipe_fds[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status));
  return reported;
}

TEST(LmdbCrash, every_acknowledged_row_survives_kill_9_under_load) {
  const TempFolder folder;
  std::vector<std::int64_t> reported;
  for (std::size_t round = 0; round < 8; ++round) {
    const auto more = run_and_kill(folder.store(), 100 + 77 * round);
    reported.insert(reported.end(), more.begin(), more.end());
    StoreUnderTest store({.path = folder.store()});
    for (const std::int64_t id : reported) ASSERT_EQ(store.find(id), plain_row(id));
    // Row, index, count and outbox of a commit are there together or not at all.
    const Page page = store.page({0, 1, {{0, true}}});
    const std::int64_t last_id = std::get<std::int64_t>(page.rows.at(0)[0]);
    EXPECT_EQ(page.total_rows, last_id);
    EXPECT_EQ(std::ssize(store.run(store->read_outbox(0, 100'000)).value()), last_id);
    EXPECT_EQ(store.find_by(kName, "name " + std::to_string(last_id)), plain_row(last_id));
  }
}

}  // namespace
}  // namespace baedal::store::lmdb
