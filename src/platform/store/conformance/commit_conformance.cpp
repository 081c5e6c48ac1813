// commit_once: keys, rollback, conflicts, ids. Method: one body at a time, then many side by side.

#include <set>
#include <thread>

#include "platform/store/conformance/store_conformance.hpp"

namespace baedal::store::conformance {
namespace {

Result<std::string> refuse() { return fail(ErrorKind::kUnprocessable, "no", "The body says no."); }

TEST_P(StoreConformance, a_commit_gives_its_answer_and_its_rows_are_there) {
  const auto outcome = commit([](Tx& tx) -> Result<std::string> {
    auto id = insert_thing(tx, std::string("a"), 7, std::string("배달 🛵"));
    if (!id) return pass_on(id);
    return std::string("made\0it", 7);
  });
  ASSERT_TRUE(outcome.has_value());
  EXPECT_EQ(outcome->answer, std::string("made\0it", 7));
  EXPECT_FALSE(outcome->replayed);
  const Row expected{std::int64_t{1}, std::string("a"), std::int64_t{7}, std::string("배달 🛵"),
                     std::string("new")};
  EXPECT_EQ(find(1), expected);
  EXPECT_EQ(find(2), std::nullopt);
}

TEST_P(StoreConformance, a_key_seen_before_replays_the_first_answer) {
  int runs = 0;
  const auto body = [&](Tx& tx) -> Result<std::string> {
    ++runs;
    auto id = insert_thing(tx, {}, 1);
    if (!id) return pass_on(id);
    return "answer " + std::to_string(runs);
  };
  const OnceKey key{"key", 11};
  const auto first = commit(key, body);
  const auto second = commit(key, body);
  ASSERT_TRUE(first && second);
  EXPECT_FALSE(first->replayed);
  EXPECT_TRUE(second->replayed);
  EXPECT_EQ(second->answer, "answer 1");
  EXPECT_EQ(runs, 1);
  reopen();
  const auto third = commit(key, body);
  ASSERT_TRUE(third);
  EXPECT_TRUE(third->replayed);
  EXPECT_EQ(third->answer, "answer 1");
  EXPECT_EQ(page({}).total_rows, 1);
}

TEST_P(StoreConformance, a_key_with_another_fingerprint_is_refused) {
  const auto body = [](Tx&) -> Result<std::string> { return "x"; };
  ASSERT_TRUE(commit(OnceKey{"key", ~std::uint64_t{0}}, body));
  EXPECT_TRUE(commit(OnceKey{"key", ~std::uint64_t{0}}, body));
  const auto other = commit(OnceKey{"key", 12}, body);
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().kind, ErrorKind::kIdempotencyMismatch);
}

TEST_P(StoreConformance, a_body_that_failed_leaves_no_trace_of_its_key_rows_or_events) {
  const OnceKey key{"key", 1};
  const auto failed = commit(key, [](Tx& tx) -> Result<std::string> {
    auto id = insert_thing(tx, std::string("a"), 1);
    if (!id) return pass_on(id);
    auto appended = append_event(tx, "lost");
    if (!appended) return pass_on(appended);
    return refuse();
  });
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, "no");
  EXPECT_EQ(page({}).total_rows, 0);
  EXPECT_TRUE(outbox().empty());
  const auto again = commit(key, [](Tx& tx) -> Result<std::string> {
    auto id = insert_thing(tx, std::string("a"), 1);
    if (!id) return pass_on(id);
    return "second try";
  });
  ASSERT_TRUE(again);
  EXPECT_FALSE(again->replayed);
  EXPECT_EQ(again->answer, "second try");
}

TEST_P(StoreConformance, fifty_with_one_key_side_by_side_run_the_body_once) {
  std::atomic<int> runs = 0;
  int replayed = 0;
  const auto one = [&](int) -> Task<void> {
    const OnceKey key{"same", 5};
    auto body = [&](Tx& tx) -> Result<std::string> {
      auto id = insert_thing(tx, {}, 1);
      if (!id) return pass_on(id);
      ++runs;  // a run that was broken off to fetch something does not count
      return "only";
    };
    auto outcome = co_await store->commit_once(key, body);
    EXPECT_TRUE(outcome && outcome->answer == "only");
    replayed += outcome && outcome->replayed ? 1 : 0;
  };
  run_all(50, one);
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(replayed, 49);
  EXPECT_EQ(page({}).total_rows, 1);
}

TEST_P(StoreConformance, a_failed_body_leaves_the_others_of_its_group) {
  const auto first = add(std::string("first"), 1);
  int failed = 0;
  const auto one = [&](int i) -> Task<void> {
    const OnceKey key{"k" + std::to_string(i), 0};
    auto body = [&](Tx& tx) -> Result<std::string> {
      auto id = insert_thing(tx, {}, i);
      if (!id) return pass_on(id);
      auto appended = append_event(tx, std::to_string(i));
      if (!appended) return pass_on(appended);
      const Row changed{first, std::string("by " + std::to_string(i)), std::int64_t{1}, {}, {}};
      auto updated = tx.update(kThings, changed);
      if (!updated) return pass_on(updated);
      if (i % 3 != 0) return "ok";
      auto erased = tx.erase(kThings, first);
      if (!erased) return pass_on(erased);
      return refuse();
    };
    auto outcome = co_await store->commit_once(key, body);
    EXPECT_EQ(outcome.has_value(), i % 3 != 0);
    failed += outcome ? 0 : 1;
  };
  run_all(60, one);
  EXPECT_EQ(failed, 20);
  EXPECT_EQ(page({}).total_rows, 1 + 40);
  EXPECT_EQ(outbox().size(), 40U);
  ASSERT_TRUE(find(first).has_value());
  EXPECT_NE((*find(first))[kCode], Value(std::string("first")));
}

TEST_P(StoreConformance, an_id_or_unique_value_that_exists_is_a_conflict) {
  const auto a = add(std::string("a"), 1);
  const auto b = add(std::string("b"), 1);
  const auto conflict_of = [&](auto body) {
    const auto outcome = commit(body);
    return !outcome && outcome.error().kind == ErrorKind::kConflict;
  };
  EXPECT_TRUE(conflict_of([&](Tx& tx) -> Result<std::string> {
    auto id = insert_thing(tx, std::string("a"), 1);
    if (!id) return pass_on(id);
    return "";
  }));
  EXPECT_TRUE(conflict_of([&](Tx& tx) -> Result<std::string> {
    const Row row{a, std::string("c"), std::int64_t{1}, {}, {}};
    auto inserted = tx.insert(kThings, row);
    if (!inserted) return pass_on(inserted);
    return "";
  }));
  EXPECT_TRUE(conflict_of([&](Tx& tx) -> Result<std::string> {
    const Row row{b, std::string("a"), std::int64_t{1}, {}, {}};
    auto updated = tx.update(kThings, row);
    if (!updated) return pass_on(updated);
    return "";
  }));
  EXPECT_EQ((*find(b))[kCode], Value(std::string("b")));
}

TEST_P(StoreConformance, a_conflict_that_the_body_handles_spoils_nothing) {
  add(std::string("a"), 1);
  const auto outcome = commit([](Tx& tx) -> Result<std::string> {
    if (insert_thing(tx, std::string("a"), 1)) return refuse();
    auto id = insert_thing(tx, std::string("b"), 1);
    if (!id) return pass_on(id);
    return "other";
  });
  ASSERT_TRUE(outcome) << outcome.error().code << outcome.error().detail;
  EXPECT_EQ(page({}).total_rows, 2);
}

TEST_P(StoreConformance, nulls_never_conflict_and_are_never_found) {
  add({}, 1);
  add({}, 1);
  const Value null;
  const auto found = executor.run(store->find_by(kThings, kCode, null));
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->has_value());
  EXPECT_TRUE(page_by(kLabel, {}).rows.empty());
}

TEST_P(StoreConformance, an_update_of_what_is_not_there_is_not_found) {
  const auto outcome = commit([](Tx& tx) -> Result<std::string> {
    const Row row{std::int64_t{9}, {}, std::int64_t{1}, {}, {}};
    auto updated = tx.update(kThings, row);
    if (!updated) return pass_on(updated);
    return "";
  });
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().kind, ErrorKind::kNotFound);
}

TEST_P(StoreConformance, a_body_reads_its_own_writes) {
  const auto outcome = commit([](Tx& tx) -> Result<std::string> {
    const Value code = std::string("a");
    const Value other = std::string("b");
    const auto id = insert_thing(tx, code, 1);
    if (!id || !*tx.find(kThings, *id) || !*tx.find_by(kThings, kCode, code)) return "insert";
    Row row = **tx.find(kThings, *id);
    row[kCode] = other;
    if (!tx.update(kThings, row)) return "update failed";
    if (*tx.find_by(kThings, kCode, code) || !*tx.find_by(kThings, kCode, other)) return "update";
    if (!*tx.erase(kThings, *id) || *tx.erase(kThings, *id)) return "erase twice";
    if (*tx.find(kThings, *id) || *tx.find_by(kThings, kCode, other)) return "erase";
    return "all seen";
  });
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->answer, "all seen");
  EXPECT_EQ(page({}).total_rows, 0);
}

TEST_P(StoreConformance, what_is_prefetched_is_found_as_without) {
  std::vector<std::int64_t> ids;
  for (int n = 0; n < 5; ++n) ids.push_back(add({}, n));
  ids.push_back(ids.back() + 1000);
  const auto touch_all = [&](Tx& tx) -> Result<std::string> {
    tx.prefetch(kThings, ids);
    std::string found;
    for (const std::int64_t id : ids) {
      auto row = tx.find(kThings, id);
      if (!row) return pass_on(row);
      found.push_back(*row ? 'x' : '-');
      if (!*row) continue;
      (**row)[kShelf] = std::get<std::int64_t>((**row)[kShelf]) + 10;
      if (auto saved = tx.update(kThings, **row); !saved) return pass_on(saved);
    }
    return found;
  };
  std::vector<std::string> answers;
  const auto one = [&](int) -> Task<void> {
    const OnceKey key = OnceKey::none();
    const auto outcome = co_await store->commit_once(key, touch_all);
    answers.push_back(outcome ? outcome->answer : outcome.error().detail);
  };
  run_all(1, one);  // alone, and then in a group
  run_all(2, one);
  EXPECT_EQ(answers, std::vector<std::string>(3, "xxxxx-"));
  EXPECT_EQ((*find(ids.front()))[kShelf], Value(std::int64_t{30}));
}

TEST_P(StoreConformance, an_update_goes_by_the_row_as_it_is_and_not_as_it_was_once_read) {
  const std::int64_t id = add(std::string("a"), 1);
  const auto renamed = [&](std::string_view code, std::int64_t shelf) {
    return Row{id, std::string(code), shelf, {}, std::string("new")};
  };
  EXPECT_FALSE(commit([&](Tx& tx) -> Result<std::string> {
    if (!tx.find(kThings, id) || !tx.update(kThings, renamed("b", 2))) return "";
    if (!tx.find(kThings, id)) return "";
    return refuse();
  }));
  ASSERT_TRUE(commit([&](Tx& tx) -> Result<std::string> {
    if (!tx.find(kThings, id)) return refuse();
    for (const Row& row : {renamed("b", 2), renamed("a", 2), renamed("a", 3), renamed("c", 3)}) {
      if (auto saved = tx.update(kThings, row); !saved) return pass_on(saved);
    }
    return "";
  }));
  EXPECT_EQ(find(id), renamed("c", 3));
  EXPECT_FALSE(commit([&](Tx& tx) -> Result<std::string> {
    if (!tx.find(kThings, id) || !*tx.erase(kThings, id)) return "";
    auto saved = tx.update(kThings, renamed("d", 4));
    if (!saved) return pass_on(saved);
    return "";
  }));
  EXPECT_EQ(find(id), renamed("c", 3));
}

TEST_P(StoreConformance, an_update_moves_the_row_in_every_index) {
  const auto id = add(std::string("a"), 1, std::string("x"));
  const auto outcome = commit([&](Tx& tx) -> Result<std::string> {
    const Row row{id, std::string("b"), std::int64_t{2}, {}, std::string("changed")};
    auto updated = tx.update(kThings, row);
    if (!updated) return pass_on(updated);
    return "";
  });
  ASSERT_TRUE(outcome);
  EXPECT_TRUE(page_by(kShelf, std::int64_t{1}).rows.empty());
  EXPECT_EQ(ids_of(page_by(kShelf, std::int64_t{2}).rows), std::vector{id});
  EXPECT_TRUE(page_by(kLabel, std::string("x")).rows.empty());
  const Value code = std::string("b");
  const auto found = executor.run(store->find_by(kThings, kCode, code));
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((**found)[kNote], Value(std::string("changed")));
}

TEST_P(StoreConformance, ids_are_never_used_twice_also_after_erase_and_reopen) {
  std::set<std::int64_t> seen;
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(seen.insert(add({}, 1)).second);
    const auto erased = commit([&](Tx& tx) -> Result<std::string> {
      for (const std::int64_t id : seen) {
        if (!tx.erase(kThings, id)) return refuse();
      }
      return "";
    });
    ASSERT_TRUE(erased);
    EXPECT_EQ(page({}).total_rows, 0);
    reopen();
  }
}

TEST_P(StoreConformance, callers_on_several_threads_lose_nothing) {
  if (!data->takes_threads()) GTEST_SKIP() << "it has one thread";
  constexpr int kThreads = 4, kEach = 50;
  std::vector<std::jthread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([this, t] {
      ManualExecutor own;
      const auto worker = [this, t]() -> Task<void> {
        for (int i = 0; i < kEach; ++i) {
          const OnceKey key{std::to_string(t) + "/" + std::to_string(i), 0};
          auto body = [&](Tx& tx) -> Result<std::string> {
            auto id = insert_thing(tx, key.key, t);
            if (!id) return pass_on(id);
            auto appended = append_event(tx, key.key);
            if (!appended) return pass_on(appended);
            return std::to_string(*id);
          };
          auto outcome = co_await store->commit_once(key, body);
          EXPECT_TRUE(outcome);
          if (!outcome) co_return;
          auto row = co_await store->find(kThings, std::stoll(outcome->answer));
          EXPECT_TRUE(row && *row && (**row)[kCode] == Value(key.key));
        }
      };
      own.run(worker());
    });
  }
  threads.clear();
  EXPECT_EQ(page({}).total_rows, kThreads * kEach);
  EXPECT_EQ(outbox().size(), std::size_t{kThreads * kEach});
}

TEST_P(StoreConformance, a_clients_new_key_is_refused_when_as_many_are_kept_as_may_be) {
  reopen(GroupCommitLimits{.keys_max = 3});
  int ran = 0;
  auto body = [&](Tx&) -> Result<std::string> { return std::to_string(++ran); };
  const auto ask = [&](std::string key) {
    return commit(OnceKey{.key = std::move(key), .fingerprint = 1, .of_client = true}, body);
  };
  ASSERT_TRUE(commit(OnceKey::of_event("event"), body));
  ASSERT_TRUE(ask("first"));
  ASSERT_TRUE(ask("second"));
  const auto refused = ask("third");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kOverloaded);
  EXPECT_EQ(refused.error().code, "idempotency-keys-full");
  EXPECT_EQ(ran, 3) << "what is refused is not done";
  EXPECT_TRUE(ask("first")->replayed) << "a known key is answered";
  EXPECT_TRUE(commit(OnceKey::none(), body)) << "who sends no key asks for none to be kept";
  EXPECT_TRUE(commit(OnceKey::of_event("another"), body)) << "events are never refused";
  EXPECT_FALSE(ask("third"));
  clock.advance(std::chrono::hours{1});
  ASSERT_EQ(executor.run(store->sweep_keys(clock.now(), 2)).value_or(-1), 2);
  EXPECT_TRUE(ask("third"));
  EXPECT_FALSE(ask("fourth"));
  reopen(GroupCommitLimits{.keys_max = 3});
  EXPECT_FALSE(ask("fourth")) << "also after a start";
}

TEST_P(StoreConformance, a_full_queue_sheds_at_once_and_the_rest_commits) {
  reopen(GroupCommitLimits{.queue_max = 8, .group_max = 4});
  std::atomic<bool> all_asked = false;
  int committed = 0;
  int shed = 0;
  const auto one = [&](int i) -> Task<void> {
    const OnceKey key;
    auto body = [&](Tx& tx) -> Result<std::string> {
      all_asked.wait(false);
      auto id = insert_thing(tx, {}, i);
      if (!id) return pass_on(id);
      return "";
    };
    auto outcome = co_await store->commit_once(key, body);
    committed += outcome ? 1 : 0;
    shed += !outcome && outcome.error().kind == ErrorKind::kOverloaded ? 1 : 0;
  };
  auto all = [&]() -> Task<void> {
    TaskGroup group;
    for (int i = 0; i < 100; ++i) group.spawn(one(i));
    all_asked = true;
    all_asked.notify_all();
    co_await group.join();
  };
  executor.run(all());
  EXPECT_EQ(committed + shed, 100);
  EXPECT_GE(committed, 8);
  EXPECT_GE(shed, 100 - 8 - 4);
  EXPECT_EQ(page({}).total_rows, committed);
  EXPECT_TRUE(store->health());
}

}  // namespace
}  // namespace baedal::store::conformance
