// The committer alone, over an engine that does as it is told. Method: the writer is held inside a
// group while the next one gathers, so that the groups are known.

#include "platform/store/group_committer.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <semaphore>
#include <thread>
#include <utility>

#include "kernel/async/manual_executor.hpp"
#include "kernel/async/sync.hpp"
#include "platform/store/errors.hpp"

namespace baedal::store {
namespace {

/// What the engine does; shared with the test because the committer owns the engine.
struct Script {
  std::function<Result<void>()> on_begin = [] { return Result<void>{}; };
  std::function<Result<void>()> on_commit = [] { return Result<void>{}; };
  std::atomic<int> begins = 0, commits = 0, runs = 0, probes = 0;
  std::vector<OutboxRow> outbox;
};

class ScriptedEngine final : public CommitEngine {
 public:
  explicit ScriptedEngine(std::shared_ptr<Script> script) : script_(std::move(script)) {}
  Result<void> begin() override {
    ++script_->begins;
    return script_->on_begin();
  }
  std::int64_t keys_kept(std::int64_t) override { return 0; }
  Result<CommitOutcome> run(const OnceKey& key, Store::Body body) override {
    ++script_->runs;
    if (key.key == "replayed") return CommitOutcome{"first", true};
    if (key.key == "refused") return fail(ErrorKind::kConflict, "own-error", "It has its own.");
    struct NoTx final : Tx {
      Result<std::int64_t> next_id(const Table&) override { return 0; }
      Result<std::optional<Row>> find(const Table&, std::int64_t) override { return std::nullopt; }
      Result<std::optional<Row>> find_by(const Table&, std::size_t, const Value&) override {
        return std::nullopt;
      }
      Result<void> insert(const Table&, Row) override { return {}; }
      Result<void> update(const Table&, const Row&) override { return {}; }
      Result<bool> erase(const Table&, std::int64_t) override { return false; }
      Result<void> append(OutboxEvent) override { return {}; }
    } tx;
    Result<std::string> answer = body(tx);
    if (!answer) return pass_on(answer);
    return CommitOutcome{std::move(*answer), false};
  }
  Result<void> commit() override {
    ++script_->commits;
    return script_->on_commit();
  }
  void rollback() override {}
  std::vector<OutboxRow> take_committed_outbox() override {
    return std::exchange(script_->outbox, {});
  }
  Result<void> probe() override {
    ++script_->probes;
    return {};
  }

 private:
  std::shared_ptr<Script> script_;
};

/// Counts what is posted to it.
class CountingExecutor final : public Executor {
 public:
  explicit CountingExecutor(ManualExecutor& inner) : inner_(inner) {}
  void post(std::function<void()> work) override {
    ++posts;
    inner_.post([this, work = std::move(work)] {
      const Enter enter(*this);
      work();
    });
  }
  void post_after(std::chrono::nanoseconds delay, std::function<void()> work) override {
    inner_.post_after(delay, std::move(work));
  }
  std::atomic<int> posts = 0;

 private:
  ManualExecutor& inner_;
};

class GroupCommitterTest : public testing::Test {
 protected:
  void start(GroupCommitLimits limits = {}) {
    committer =
        std::make_unique<GroupCommitter>("test", std::make_unique<ScriptedEngine>(script), limits);
  }
  Result<CommitOutcome> commit(std::string key_text) {
    const OnceKey key{std::move(key_text), 0};
    auto body = [](Tx&) -> Result<std::string> { return "done"; };
    return executor.run(committer->commit_once(key, body));
  }
  /// Commits all of `keys` as one group: the writer is held until they wait.
  std::vector<Result<CommitOutcome>> commit_together(const std::vector<std::string>& keys) {
    std::binary_semaphore is_held(0);
    std::binary_semaphore held(0);
    committer->post([&](CommitEngine&) {
      is_held.release();
      held.acquire();
    });
    // A writer that wakes later would take the first of them together with what holds it.
    is_held.acquire();
    return commit_side_by_side(keys, [&] { held.release(); });
  }
  /// Commits all of `keys`; does `when_waiting` once all of them wait.
  std::vector<Result<CommitOutcome>> commit_side_by_side(
      const std::vector<std::string>& keys, const std::function<void()>& when_waiting = [] {}) {
    std::vector<Result<CommitOutcome>> outcomes(keys.size());
    const auto one = [&](std::size_t i) -> Task<void> {
      const OnceKey key{keys[i], 0};
      auto body = [](Tx&) -> Result<std::string> { return "done"; };
      outcomes[i] = co_await committer->commit_once(key, body);
    };
    auto all = [&]() -> Task<void> {
      TaskGroup group;
      for (std::size_t i = 0; i < keys.size(); ++i) group.spawn(one(i));
      when_waiting();
      co_await group.join();
    };
    executor.run(all());
    return outcomes;
  }

  ManualExecutor executor;
  std::shared_ptr<Script> script = std::make_shared<Script>();
  std::unique_ptr<GroupCommitter> committer;
};

TEST_F(GroupCommitterTest, those_who_wait_become_one_group) {
  start();
  for (const auto& outcome : commit_together({"a", "b", "c"})) {
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->answer, "done");
  }
  EXPECT_EQ(script->commits, 1);
  const GroupCommitStats stats = committer->stats();
  EXPECT_EQ(stats.groups, 1U);
  EXPECT_EQ(stats.bodies, 3U);
  EXPECT_EQ(stats.waiting, 0U);
}

TEST_F(GroupCommitterTest,
       after_a_small_group_a_few_wait_for_company_and_enough_begin_the_next_one) {
  start({.interval = std::chrono::hours(1), .enough = 3});
  commit_together({"a", "b"});
  for (const auto& outcome : commit_side_by_side({"c", "d", "e"})) EXPECT_TRUE(outcome);
  EXPECT_EQ(committer->stats().groups, 2U) << "the three shared one";
}

TEST_F(GroupCommitterTest, after_a_large_group_nobody_waits) {
  start({.interval = std::chrono::hours(1), .enough = 2});
  commit_together({"a", "b", "c"});
  EXPECT_TRUE(commit("d"));
}

TEST_F(GroupCommitterTest, who_comes_alone_waits_for_no_company) {
  start({.interval = std::chrono::hours(1)});
  for (const char* key : {"a", "b", "c"}) ASSERT_TRUE(commit(key));
  EXPECT_EQ(committer->stats().groups, 3U);
}

TEST_F(GroupCommitterTest, the_end_and_upkeep_wait_for_no_company) {
  start({.interval = std::chrono::hours(1)});
  commit_together({"a", "b"});
  std::binary_semaphore done(0);
  committer->post([&](CommitEngine&) { done.release(); });
  done.acquire();
  EXPECT_TRUE(commit_side_by_side({"c"}, [&] { committer.reset(); }).front());
}

TEST_F(GroupCommitterTest, a_group_has_a_bound) {
  start({.queue_max = 100, .group_max = 4});
  const std::vector<std::string> keys(10, "k");
  for (const auto& outcome : commit_together(keys)) EXPECT_TRUE(outcome);
  EXPECT_EQ(script->commits, 3);
}

TEST_F(GroupCommitterTest, a_group_resumes_with_one_post_per_executor) {
  start();
  CountingExecutor left(executor), right(executor);
  std::binary_semaphore begun(0), held(0);
  committer->post([&](CommitEngine&) {
    begun.release();
    held.acquire();
  });
  begun.acquire();  // what comes now waits together
  std::vector<int> order;
  const auto one = [&](int i) -> Task<void> {
    const OnceKey key;
    auto body = [](Tx&) -> Result<std::string> { return "done"; };
    auto outcome = co_await committer->commit_once(key, body);
    EXPECT_TRUE(outcome);
    order.push_back(i);
  };
  for (int i = 0; i < 10; ++i) {
    (i % 2 == 0 ? left : right).post([&, i] { spawn(one(i)); });
  }
  executor.run_ready();
  held.release();
  auto wait = [&]() -> Task<void> {
    while (order.size() < 10) co_await yield();
  };
  executor.run(wait());
  EXPECT_EQ(left.posts, 5 + 1);
  EXPECT_EQ(right.posts, 5 + 1);
  EXPECT_EQ(order, (std::vector{0, 2, 4, 6, 8, 1, 3, 5, 7, 9}));
}

TEST_F(GroupCommitterTest, a_failed_commit_is_unavailable_to_all_but_errors_of_their_own) {
  script->on_commit = [] { return unavailable("engine-word", "The disk is full."); };
  start();
  const auto outcomes = commit_together({"refused", "replayed", "a", "refused"});
  EXPECT_EQ(outcomes[0].error().code, "own-error");
  for (const std::size_t i : {1U, 2U}) {
    EXPECT_EQ(outcomes[i].error().kind, ErrorKind::kUnavailable);
    EXPECT_EQ(outcomes[i].error().code, kStoreUnavailable);
    EXPECT_EQ(outcomes[i].error().retry_after, std::chrono::seconds{1});
  }
  // It may have been refused because of "a", which never happened.
  EXPECT_EQ(outcomes[3].error().code, kStoreUnavailable);
  EXPECT_EQ(committer->stats().failed_groups, 1U);
}

TEST_F(GroupCommitterTest, a_busy_transaction_is_tried_again) {
  script->on_begin = [this]() -> Result<void> {
    if (script->begins == 1) return unavailable(std::string(kStoreBusy), "Busy.");
    return {};
  };
  start();
  EXPECT_TRUE(commit("a"));
  EXPECT_EQ(script->begins, 2);
  EXPECT_TRUE(committer->health());
}

TEST_F(GroupCommitterTest, a_transaction_that_stays_busy_fails_in_the_end) {
  script->on_commit = [] { return unavailable(std::string(kStoreBusy), "Busy."); };
  start();
  const auto outcome = commit("a");
  EXPECT_EQ(outcome.error().code, kStoreUnavailable);
  EXPECT_EQ(script->commits, 3);
}

TEST_F(GroupCommitterTest, health_follows_the_last_real_commit) {
  std::atomic<bool> disk_full = true;
  script->on_commit = [&]() -> Result<void> {
    if (disk_full) return unavailable("x", "The disk is full.");
    return {};
  };
  start();
  EXPECT_TRUE(committer->health());
  EXPECT_FALSE(commit("a"));
  ASSERT_FALSE(committer->health());
  EXPECT_EQ(committer->health().error().detail, "The disk is full.");
  disk_full = false;
  EXPECT_FALSE(commit("refused"));
  EXPECT_TRUE(commit("a"));
  EXPECT_TRUE(committer->health());
}

TEST_F(GroupCommitterTest, an_unhealthy_store_without_traffic_finds_out_by_itself) {
  std::atomic<bool> disk_full = true;
  script->on_commit = [&]() -> Result<void> {
    if (disk_full) return unavailable("x", "The disk is full.");
    return {};
  };
  start();
  EXPECT_FALSE(commit("a"));
  disk_full = false;
  while (!committer->health()) std::this_thread::yield();
  EXPECT_GE(script->probes, 1);
}

TEST_F(GroupCommitterTest, the_listener_has_the_rows_before_the_callers_resume) {
  std::atomic<std::int64_t> heard = 0;
  script->outbox = {{7, {}}};
  start();
  committer->on_outbox([&](std::span<const OutboxRow> rows) { heard = rows.back().seq; });
  EXPECT_TRUE(commit("a"));
  EXPECT_EQ(heard, 7);
}

TEST_F(GroupCommitterTest, rows_of_a_failed_group_are_not_announced) {
  script->outbox = {{7, {}}};
  script->on_commit = [] { return unavailable("x", "No."); };
  start();
  bool heard = false;
  committer->on_outbox([&](std::span<const OutboxRow>) { heard = true; });
  EXPECT_FALSE(commit("a"));
  committer.reset();
  EXPECT_FALSE(heard);
}

TEST_F(GroupCommitterTest, the_end_finishes_what_waits) {
  start();
  std::binary_semaphore held(0);
  committer->post([&](CommitEngine&) { held.acquire(); });
  int answered = 0;
  const auto one = [&]() -> Task<void> {
    const OnceKey key;
    auto body = [](Tx&) -> Result<std::string> { return "done"; };
    auto outcome = co_await committer->commit_once(key, body);
    answered += outcome ? 1 : 0;
  };
  for (int i = 0; i < 5; ++i) executor.post([&] { spawn(one()); });
  executor.run_ready();
  held.release();
  committer.reset();
  executor.run_ready();
  EXPECT_EQ(answered, 5);
}

}  // namespace
}  // namespace baedal::store
