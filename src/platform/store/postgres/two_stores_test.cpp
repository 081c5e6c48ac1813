// Two stores on one database, as two processes of a service have it. Method: each store has a
// thread of its own that commits as fast as it can, and what both have done is looked at.

#include <algorithm>
#include <set>
#include <thread>

#include "platform/store/postgres/testing/postgres_under_test.hpp"

namespace baedal::store {
namespace {

using namespace conformance;
using postgres::PostgresServer;

class TwoStores : public testing::Test {
 protected:
  /// Runs `make(store, which, i)` for i below `each` side by side, on both stores at once.
  void run_on_both(int each, const std::function<Task<void>(Store&, int, int)>& make) {
    std::vector<std::jthread> threads;
    for (int which = 0; which < 2; ++which) {
      threads.emplace_back([this, which, each, &make] {
        ManualExecutor own;
        auto all = [&]() -> Task<void> {
          TaskGroup group;
          for (int i = 0; i < each; ++i) group.spawn(make(*stores_[which], which, i));
          co_await group.join();
        };
        own.run(all());
      });
    }
  }
  std::vector<OutboxRow> outbox(std::int64_t after, std::size_t limit) {
    auto rows = executor_.run(stores_[0]->read_outbox(after, limit));
    EXPECT_TRUE(rows);
    return rows.value_or(std::vector<OutboxRow>{});
  }
  std::int64_t total(Store& store) {
    const PageRequest request;
    const auto page = executor_.run(store.page(kThings, request));
    EXPECT_TRUE(page);
    return page ? page->total_rows : -1;
  }

  TestClock clock_;
  ManualExecutor executor_;
  const std::string url_ = PostgresServer::shared().make_database();
  std::array<std::unique_ptr<PostgresStore>, 2> stores_{open_things(url_, clock_),
                                                        open_things(url_, clock_)};
};

/// A body that adds a thing and an event, and answers with the thing's id.
Result<std::string> add_thing(Tx& tx, const std::string& code) {
  auto id = insert_thing(tx, code, 1);
  if (!id) return pass_on(id);
  auto appended = append_event(tx, code);
  if (!appended) return pass_on(appended);
  return std::to_string(*id);
}

TEST_F(TwoStores, are_the_same_store_and_their_ids_never_collide) {
  EXPECT_EQ(stores_[0]->uid(), stores_[1]->uid());
  EXPECT_TRUE(stores_[0]->is_shared());
  std::mutex mutex;
  std::set<std::string> ids;
  run_on_both(200, [&](Store& store, int which, int i) -> Task<void> {
    const OnceKey key;
    const std::string code = std::to_string(which) + "/" + std::to_string(i);
    auto body = [&](Tx& tx) { return add_thing(tx, code); };
    const auto outcome = co_await store.commit_once(key, body);
    EXPECT_TRUE(outcome);
    const std::lock_guard lock(mutex);
    if (outcome) {
      EXPECT_TRUE(ids.insert(outcome->answer).second);
    }
  });
  EXPECT_EQ(ids.size(), 400U);
  EXPECT_EQ(total(*stores_[0]), 400);
  EXPECT_EQ(total(*stores_[1]), 400);
  EXPECT_EQ(PostgresServer::psql(url_, "SELECT count(*), count(DISTINCT code) FROM things"),
            "400|400");
}

TEST_F(TwoStores, an_id_is_higher_than_those_that_any_process_gave_a_while_before) {
  std::int64_t highest = 0;
  const auto add = [&](Store& store, int which, int i) -> Task<void> {
    const OnceKey key;
    const std::string code = std::to_string(which) + "/" + std::to_string(i);
    auto body = [&](Tx& tx) { return add_thing(tx, code); };
    const auto outcome = co_await store.commit_once(key, body);
    EXPECT_TRUE(outcome);
    if (outcome) highest = std::stoll(outcome->answer);
  };
  // So many at once that the first store draws ids ahead.
  auto many = [&]() -> Task<void> {
    TaskGroup group;
    for (int i = 0; i < 50; ++i) group.spawn(add(*stores_[0], 0, i));
    co_await group.join();
  };
  executor_.run(many());
  executor_.run(add(*stores_[1], 1, 0));
  const std::int64_t of_the_other = highest;
  EXPECT_GT(of_the_other, 50);
  clock_.advance(std::chrono::seconds{2});
  executor_.run(add(*stores_[0], 0, 50));
  EXPECT_GT(highest, of_the_other);
  EXPECT_EQ(PostgresServer::psql(url_, "SELECT count(*), count(DISTINCT id) FROM things"), "52|52");
}

TEST_F(TwoStores, what_was_relayed_goes_although_a_deletion_before_had_lost_the_lease) {
  const auto append = [&](int count) {
    auto body = [&](Tx& tx) -> Result<std::string> {
      for (int i = 0; i < count; ++i) {
        if (auto added = append_event(tx, "event"); !added) return pass_on(added);
      }
      return "";
    };
    const OnceKey key;
    EXPECT_TRUE(executor_.run(stores_[0]->commit_once(key, body)));
  };
  const auto lease = [&](Store& store) {
    const auto taken = executor_.run(store.take_relay_lease(std::chrono::hours{1}));
    EXPECT_TRUE(taken && *taken);
  };
  lease(*stores_[0]);
  append(5);
  stores_[0]->mark_relayed(5);
  executor_.run(stores_[0]->give_back_relay_lease());
  lease(*stores_[1]);
  append(5);
  stores_[0]->mark_relayed(10);  // what it no longer may
  append(1);
  EXPECT_EQ(PostgresServer::psql(url_, "SELECT min(seq), max(seq) FROM outbox"), "6|11");
  executor_.run(stores_[1]->give_back_relay_lease());
  lease(*stores_[0]);
  stores_[0]->mark_relayed(11);
  append(1);
  EXPECT_EQ(PostgresServer::psql(url_, "SELECT min(seq), max(seq) FROM outbox"), "12|12");
}

TEST_F(TwoStores, a_reader_of_the_outbox_never_misses_a_row_that_commits_later) {
  std::atomic<bool> done = false;
  std::vector<OutboxRow> seen;
  std::jthread reader([&] {
    ManualExecutor own;
    std::int64_t after = 0;
    for (bool last = false; !last;) {
      last = done;
      const auto rows = own.run(stores_[0]->read_outbox(after, 50));
      ASSERT_TRUE(rows);
      if (!rows->empty()) {
        last = false;
        after = rows->back().seq;
      }
      seen.insert(seen.end(), rows->begin(), rows->end());
    }
  });
  run_on_both(300, [&](Store& store, int which, int i) -> Task<void> {
    const OnceKey key;
    const std::string code = std::to_string(which) + "/" + std::to_string(i);
    auto body = [&](Tx& tx) { return add_thing(tx, code); };
    const auto outcome = co_await store.commit_once(key, body);
    EXPECT_TRUE(outcome);
  });
  done = true;
  reader.join();
  std::set<std::string> keys;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    EXPECT_EQ(seen[i].seq, static_cast<std::int64_t>(i + 1)) << "a gap, or out of order";
    keys.insert(seen[i].event.key);
  }
  EXPECT_EQ(keys.size(), 600U);
}

TEST_F(TwoStores, a_key_holds_in_both) {
  std::atomic<int> replayed = 0;
  run_on_both(100, [&](Store& store, int, int i) -> Task<void> {
    const OnceKey key{"key " + std::to_string(i), 7};
    auto body = [&](Tx& tx) { return add_thing(tx, key.key); };
    const auto outcome = co_await store.commit_once(key, body);
    EXPECT_TRUE(outcome);
    replayed += outcome && outcome->replayed ? 1 : 0;
  });
  EXPECT_EQ(replayed, 100);
  EXPECT_EQ(total(*stores_[0]), 100);
  EXPECT_EQ(outbox(0, 1'000).size(), 100U);
}

TEST_F(TwoStores, no_update_of_the_other_is_lost) {
  const OnceKey key;
  auto first = [](Tx& tx) { return add_thing(tx, "counter"); };
  ASSERT_TRUE(executor_.run(stores_[0]->commit_once(key, first)));
  run_on_both(150, [&](Store& store, int, int) -> Task<void> {
    const OnceKey none;
    auto body = [](Tx& tx) -> Result<std::string> {
      const Value code = std::string("counter");
      auto row = tx.find_by(kThings, kCode, code);
      if (!row) return pass_on(row);
      (**row)[kShelf] = std::get<std::int64_t>((**row)[kShelf]) + 1;
      auto updated = tx.update(kThings, **row);
      if (!updated) return pass_on(updated);
      return "";
    };
    const auto outcome = co_await store.commit_once(none, body);
    EXPECT_TRUE(outcome) << outcome.error().detail;
  });
  EXPECT_EQ(PostgresServer::psql(url_, "SELECT shelf FROM things"), "301");
}

TEST_F(TwoStores, who_clashes_on_a_unique_value_runs_again_and_sees_the_row) {
  std::atomic<int> made = 0;
  std::atomic<int> found = 0;
  run_on_both(100, [&](Store& store, int, int i) -> Task<void> {
    const OnceKey none;
    const std::string code = "code " + std::to_string(i);
    auto body = [&](Tx& tx) -> Result<std::string> {
      const Value value = code;
      auto row = tx.find_by(kThings, kCode, value);
      if (!row) return pass_on(row);
      if (*row) return "found";
      auto added = add_thing(tx, code);
      if (!added) return added;
      return "made";
    };
    const auto outcome = co_await store.commit_once(none, body);
    EXPECT_TRUE(outcome) << outcome.error().detail;
    if (outcome) ++(outcome->answer == "made" ? made : found);
  });
  EXPECT_EQ(made, 100);
  EXPECT_EQ(found, 100);
  EXPECT_EQ(total(*stores_[1]), 100);
}

TEST_F(TwoStores, rows_locked_the_other_way_round_end_well) {
  const OnceKey key;
  for (const char* code : {"a", "b"}) {
    auto first = [&](Tx& tx) { return add_thing(tx, code); };
    ASSERT_TRUE(executor_.run(stores_[0]->commit_once(key, first)));
  }
  run_on_both(40, [&](Store& store, int which, int) -> Task<void> {
    const OnceKey none;
    auto body = [&](Tx& tx) -> Result<std::string> {
      for (const std::int64_t id : {which == 0 ? 1 : 2, which == 0 ? 2 : 1}) {
        auto row = tx.find(kThings, id);
        if (!row) return pass_on(row);
        (**row)[kShelf] = std::get<std::int64_t>((**row)[kShelf]) + 1;
        auto updated = tx.update(kThings, **row);
        if (!updated) return pass_on(updated);
      }
      return "";
    };
    const auto outcome = co_await store.commit_once(none, body);
    EXPECT_TRUE(outcome) << outcome.error().detail;
  });
  EXPECT_EQ(PostgresServer::psql(url_, "SELECT min(shelf), max(shelf) FROM things"), "81|81");
}

TEST_F(TwoStores, a_text_the_database_cannot_hold_is_refused_to_its_body_alone) {
  std::atomic<int> refused = 0;
  run_on_both(20, [&](Store& store, int which, int i) -> Task<void> {
    const OnceKey none;
    const std::string code =
        std::to_string(which) + "/" + std::to_string(i) + (i == 3 ? std::string(1, '\0') : "");
    auto body = [&](Tx& tx) { return add_thing(tx, code); };
    const auto outcome = co_await store.commit_once(none, body);
    EXPECT_EQ(outcome.has_value(), i != 3);
    refused += !outcome && outcome.error().kind == ErrorKind::kInvalid ? 1 : 0;
  });
  EXPECT_EQ(refused, 2);
  EXPECT_EQ(total(*stores_[0]), 38);
}

TEST_F(TwoStores, a_key_the_database_cannot_hold_is_refused_to_its_body_alone) {
  std::atomic<int> refused = 0;
  run_on_both(20, [&](Store& store, int which, int i) -> Task<void> {
    const std::string code = std::to_string(which) + "/" + std::to_string(i);
    const OnceKey key{i == 3 ? std::string(5'000, 'k') : i == 4 ? "\xff" : code, 0};
    auto body = [&](Tx& tx) { return add_thing(tx, code); };
    const auto outcome = co_await store.commit_once(key, body);
    EXPECT_EQ(outcome.has_value(), i != 3 && i != 4);
    refused += !outcome && outcome.error().kind == ErrorKind::kInvalid ? 1 : 0;
  });
  EXPECT_EQ(refused, 4);
  EXPECT_EQ(total(*stores_[0]), 36);
}

TEST_F(TwoStores, a_row_the_database_rejects_fails_its_body_alone) {
  run_on_both(20, [&](Store& store, int which, int i) -> Task<void> {
    const OnceKey none;
    const Value code = std::to_string(which) + "/" + std::to_string(i);
    auto body = [&](Tx& tx) -> Result<std::string> {
      auto id = tx.next_id(kThings);
      if (!id) return pass_on(id);
      const Value shelf = i == 3 ? Value{} : Value{std::int64_t{1}};  // NOT NULL in the schema
      const Row row{*id, code, shelf, {}, {}};
      auto inserted = tx.insert(kThings, row);
      if (!inserted) return pass_on(inserted);
      return "";
    };
    const auto outcome = co_await store.commit_once(none, body);
    EXPECT_EQ(outcome.has_value(), i != 3);
  });
  EXPECT_EQ(total(*stores_[0]), 38);
}

}  // namespace
}  // namespace baedal::store
