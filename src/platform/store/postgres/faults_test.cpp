// What happens when the server goes away, when it comes back, and when a client is killed. Method:
// a server of this test's own is stopped as in a crash; a child process is killed under load.

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <set>
#include <thread>

#include "platform/store/postgres/testing/postgres_under_test.hpp"

extern char** environ;

namespace baedal::store {
namespace {

using namespace conformance;
using postgres::PostgresServer;

constexpr const char* kUrlVariable = "BAEDAL_KILL_TEST_URL";
constexpr int kReportDescriptor = 3;
constexpr int kCallers = 16;

template <class Condition>
void wait_until(Condition condition) {
  while (!condition()) std::this_thread::sleep_for(std::chrono::milliseconds{1});
}

Result<std::string> add_thing(Tx& tx) {
  auto id = insert_thing(tx, {}, 1);
  if (!id) return pass_on(id);
  auto appended = append_event(tx, std::to_string(*id));
  if (!appended) return pass_on(appended);
  return std::to_string(*id);
}

TEST(ServerAway, commits_fail_at_once_nothing_answered_is_lost_and_it_heals_by_itself) {
  PostgresServer server;
  const std::string url = server.make_database();
  const TestClock clock;
  auto store = open_things(url, clock);
  std::atomic<bool> done = false;
  std::atomic<int> answered = 0;
  std::atomic<int> unavailable = 0;
  std::mutex mutex;
  std::set<std::string> ids;
  std::jthread load([&] {
    ManualExecutor own;
    auto caller = [&](int number) -> Task<void> {
      for (int i = 0; !done; ++i) {
        const OnceKey key{std::to_string(number) + "/" + std::to_string(i), 0};
        auto body = [](Tx& tx) { return add_thing(tx); };
        auto outcome = co_await store->commit_once(key, body);
        while (!outcome && !done) {
          EXPECT_EQ(outcome.error().kind, ErrorKind::kUnavailable);
          EXPECT_GT(outcome.error().retry_after.count(), 0);
          ++unavailable;
          outcome = co_await store->commit_once(key, body);
        }
        if (!outcome) continue;
        ++answered;
        const std::lock_guard lock(mutex);
        EXPECT_TRUE(ids.insert(outcome->answer).second);
      }
    };
    auto all = [&]() -> Task<void> {
      TaskGroup group;
      for (int i = 0; i < kCallers; ++i) group.spawn(caller(i));
      co_await group.join();
    };
    own.run(all());
  });
  for (int round = 0; round < 2; ++round) {
    const int answered_before = answered;
    wait_until([&] { return answered >= answered_before + 200; });
    server.stop();
    const int unavailable_before = unavailable;
    wait_until([&] { return unavailable >= unavailable_before + 100; });
    EXPECT_FALSE(store->health());
    server.start();
  }
  const int answered_before = answered;
  wait_until([&] { return answered >= answered_before + 200; });
  wait_until([&] { return store->health().has_value(); });
  done = true;
  load.join();
  std::string rows = PostgresServer::psql(url, "SELECT count(*) FROM things");
  EXPECT_EQ(rows, PostgresServer::psql(url, "SELECT count(*) FROM outbox"));
  EXPECT_EQ(rows, PostgresServer::psql(url, "SELECT count(*) FROM once_keys"));
  EXPECT_EQ(rows, PostgresServer::psql(
                      url, "SELECT sum(row_count) FROM row_counts WHERE table_name = 'things'"));
  EXPECT_EQ(rows, PostgresServer::psql(
                      url, "SELECT sum(row_count) FROM row_counts WHERE table_name = 'once_keys'"));
  // A caller that gave up at the end may have been carried out all the same.
  EXPECT_GE(std::stoul(rows), ids.size());
  EXPECT_LE(std::stoul(rows), ids.size() + kCallers);
}

TEST(ServerAway, reads_fail_at_once_and_heal_by_themselves) {
  PostgresServer server;
  const TestClock clock;
  ManualExecutor executor;
  auto store = open_things(server.make_database(), clock);
  ASSERT_TRUE(executor.run(store->find(kThings, 1)));
  server.stop();
  const PageRequest request;
  while (executor.run(store->page(kThings, request))) {
  }
  const auto refused = executor.run(store->find(kThings, 1));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kUnavailable);
  server.start();
  while (!executor.run(store->page(kThings, request)) || !executor.run(store->find(kThings, 1))) {
  }
  SUCCEED();
}

/// A crash forgets what a sequence gave when no commit made it durable, and gives it again.
TEST(ServerAway, an_id_drawn_before_a_crash_is_not_used_behind_it) {
  PostgresServer server;
  const std::string url = server.make_database();
  const TestClock clock;
  ManualExecutor executor;
  auto store = open_things(url, clock);
  auto other = open_things(url, clock);
  const OnceKey key{"once", 0};
  bool crashed = false;
  auto crash_behind_the_id = [&](Tx& tx) -> Result<std::string> {
    auto id = tx.next_id(kThings);
    if (!id) return pass_on(id);
    if (!std::exchange(crashed, true)) {
      server.stop();
      server.start();
    }
    auto added = tx.insert(kThings, {*id, {}, std::int64_t{1}, {}, {}});
    if (!added) return pass_on(added);
    return std::to_string(*id);
  };
  Result<CommitOutcome> first = executor.run(store->commit_once(key, crash_behind_the_id));
  while (!first) first = executor.run(store->commit_once(key, crash_behind_the_id));
  EXPECT_TRUE(crashed);

  auto add = [](Tx& tx) { return add_thing(tx); };
  const OnceKey none;
  Result<CommitOutcome> second = executor.run(other->commit_once(none, add));
  while (!second && second.error().kind == ErrorKind::kUnavailable) {
    second = executor.run(other->commit_once(none, add));
  }
  ASSERT_TRUE(second) << second.error().detail;
  EXPECT_NE(second->answer, first->answer);
}

TEST(ServerAway, a_server_that_is_not_there_is_said_at_opening) {
  const TestClock clock;
  auto options = options_of_things("postgresql://nobody@127.0.0.1:1/none", clock);
  const auto store = PostgresStore::open(std::move(options));
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().kind, ErrorKind::kUnavailable);
}

/// Commits without end, each thing with its event, and reports the ids that were answered.
Task<void> commit_and_report(Store& store) {
  while (true) {
    const OnceKey key;
    auto body = [](Tx& tx) { return add_thing(tx); };
    auto outcome = co_await store.commit_once(key, body);
    if (!outcome) std::abort();
    const std::int64_t id = std::stoll(outcome->answer);
    if (::write(kReportDescriptor, &id, sizeof id) != sizeof id) std::abort();
  }
}

TEST(KillChild, DISABLED_commits_until_killed) {
  const char* url = std::getenv(kUrlVariable);
  ASSERT_NE(url, nullptr);
  const TestClock clock;
  auto store = open_things(url, clock);
  ManualExecutor executor;
  auto all = [&]() -> Task<void> {
    TaskGroup group;
    for (int i = 0; i < kCallers; ++i) group.spawn(commit_and_report(*store));
    co_await group.join();
  };
  executor.run(all());
}

/// Starts the child with the writing end of a pipe; gives the reading end.
int start_child(const std::string& url, pid_t& child) {
  std::array<int, 2> ends{};
  EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], kReportDescriptor);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  ::setenv(kUrlVariable, url.c_str(), 1);
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

TEST(Kill, every_answered_commit_survives_kill_9_of_the_client) {
  const std::string url = PostgresServer::shared().make_database();
  const TestClock clock;
  ManualExecutor executor;
  std::set<std::int64_t> acknowledged;
  for (const std::size_t enough : {50U, 300U}) {
    pid_t child = 0;
    const int reports = start_child(url, child);
    for (const std::int64_t id : reported_ids(reports, child, enough)) {
      EXPECT_TRUE(acknowledged.insert(id).second) << "an id was given twice";
    }
    auto store = open_things(url, clock);
    for (const std::int64_t id : acknowledged) {
      const auto row = executor.run(store->find(kThings, id));
      ASSERT_TRUE(row && *row) << "lost " << id;
    }
    const PageRequest request;
    const auto page = executor.run(store->page(kThings, request));
    const auto outbox = executor.run(store->read_outbox(0, 1'000'000));
    ASSERT_TRUE(page && outbox);
    EXPECT_GE(page->total_rows, static_cast<std::int64_t>(acknowledged.size()));
    EXPECT_EQ(static_cast<std::int64_t>(outbox->size()), page->total_rows);
  }
}

}  // namespace
}  // namespace baedal::store
