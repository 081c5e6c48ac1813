// kill -9 under load: a child process commits and reports every answer on a pipe; it is killed in
// the middle; everything it reported must be in the file. The child is this program again.

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <set>

#include "platform/store/sqlite/sqlite_under_test.hpp"

extern char** environ;

namespace baedal::store {
namespace {

using conformance::append_event;
using conformance::insert_thing;
using conformance::kThings;

constexpr const char* kPathVariable = "BAEDAL_KILL_TEST_PATH";
constexpr int kReportDescriptor = 3;
constexpr int kCallers = 16;

/// Commits without end, each thing with its event, and reports the ids that were answered.
Task<void> commit_and_report(Store& store) {
  while (true) {
    const OnceKey key;
    auto body = [](Tx& tx) -> Result<std::string> {
      auto id = insert_thing(tx, {}, 1);
      if (!id) return pass_on(id);
      auto appended = append_event(tx, std::to_string(*id));
      if (!appended) return pass_on(appended);
      return std::to_string(*id);
    };
    auto outcome = co_await store.commit_once(key, body);
    if (!outcome) std::abort();
    const std::int64_t id = std::stoll(outcome->answer);
    if (::write(kReportDescriptor, &id, sizeof id) != sizeof id) std::abort();
  }
}

TEST(KillChild, DISABLED_commits_until_killed) {
  const char* path = std::getenv(kPathVariable);
  ASSERT_NE(path, nullptr);
  const conformance::TestClock clock;
  auto store = SqliteStore::open(options_of_things(path, clock));
  ASSERT_TRUE(store) << store.error().detail;
  ManualExecutor executor;
  auto all = [&]() -> Task<void> {
    TaskGroup group;
    for (int i = 0; i < kCallers; ++i) group.spawn(commit_and_report(**store));
    co_await group.join();
  };
  executor.run(all());
}

/// Starts the child with the writing end of a pipe; gives the reading end.
int start_child(const std::string& path, pid_t& child) {
  std::array<int, 2> ends{};
  EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], kReportDescriptor);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  ::setenv(kPathVariable, path.c_str(), 1);
  std::string program = "/proc/self/exe";
  std::string filter = "--gtest_filter=KillChild.*";
  std::string disabled = "--gtest_also_run_disabled_tests";
  std::array<char*, 4> arguments{program.data(), filter.data(), disabled.data(), nullptr};
  EXPECT_EQ(::posix_spawn(&child, program.c_str(), &actions, nullptr, arguments.data(), environ),
            0);
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  return ends[0];
}

/// The ids reported until the child was killed, which happens after the first `enough`.
std::set<std::int64_t> reported_ids(int reports, pid_t child, std::size_t enough) {
  std::set<std::int64_t> ids;
  std::int64_t id = 0;
  while (::read(reports, &id, sizeof id) == sizeof id) {
    ids.insert(id);
    if (ids.size() == enough) ::kill(child, SIGKILL);
  }
  ::close(reports);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status));
  return ids;
}

TEST(Kill, every_answered_commit_survives_kill_9) {
  const TempFolder folder;
  const std::string path = folder.file("things.db");
  const conformance::TestClock clock;
  ManualExecutor executor;
  std::set<std::int64_t> acknowledged;
  for (const std::size_t enough : {50U, 300U, 777U}) {
    pid_t child = 0;
    const int reports = start_child(path, child);
    for (const std::int64_t id : reported_ids(reports, child, enough)) {
      EXPECT_TRUE(acknowledged.insert(id).second) << "an id was given twice";
    }
    auto store = SqliteStore::open(options_of_things(path, clock));
    ASSERT_TRUE(store) << store.error().detail;
    for (const std::int64_t id : acknowledged) {
      const auto row = executor.run((*store)->find(kThings, id));
      ASSERT_TRUE(row && *row) << "lost " << id;
    }
    const PageRequest request;
    const auto page = executor.run((*store)->page(kThings, request));
    const auto outbox = executor.run((*store)->read_outbox(0, 1'000'000));
    ASSERT_TRUE(page && outbox);
    EXPECT_GE(page->total_rows, static_cast<std::int64_t>(acknowledged.size()));
    EXPECT_EQ(static_cast<std::int64_t>(outbox->size()), page->total_rows);
  }
}

}  // namespace
}  // namespace baedal::store
