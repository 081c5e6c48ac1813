// The outbox, the store's uid and the sweeping of keys.

#include <algorithm>
#include <mutex>

#include "platform/store/conformance/store_conformance.hpp"

namespace baedal::store::conformance {
namespace {

using namespace std::chrono_literals;

class Listened {
 public:
  void operator()(std::span<const OutboxRow> rows) {
    const std::lock_guard lock(mutex_);
    rows_.insert(rows_.end(), rows.begin(), rows.end());
  }
  std::vector<OutboxRow> rows() {
    const std::lock_guard lock(mutex_);
    return rows_;
  }

 private:
  std::mutex mutex_;
  std::vector<OutboxRow> rows_;
};

Result<std::string> append_two(Tx& tx, const std::string& key) {
  for (const char* suffix : {".1", ".2"}) {
    auto appended = append_event(tx, key + suffix);
    if (!appended) return pass_on(appended);
  }
  return key;
}

TEST_P(StoreConformance, an_event_comes_out_as_it_went_in) {
  const auto outcome = commit([](Tx& tx) -> Result<std::string> {
    auto appended = append_event(tx, "k");
    if (!appended) return pass_on(appended);
    return "";
  });
  ASSERT_TRUE(outcome);
  const auto rows = outbox();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_GT(rows[0].seq, 0);
  EXPECT_EQ(rows[0].event.type, "Made");
  EXPECT_EQ(rows[0].event.key, "k");
  EXPECT_EQ(rows[0].event.time, Timestamp{42});
  EXPECT_EQ(rows[0].event.data, R"({"a":1})");
  EXPECT_EQ(rows[0].event.traceparent, "00-ab-cd-01");
}

TEST_P(StoreConformance, the_outbox_is_in_commit_order_and_the_listener_sees_the_same) {
  Listened listened;
  store->on_outbox(std::ref(listened));
  std::vector<std::string> commit_order;  // bodies run one at a time
  const auto one = [&](int i) -> Task<void> {
    const OnceKey key;
    auto body = [&](Tx& tx) -> Result<std::string> {
      commit_order.push_back(std::to_string(i) + ".1");
      commit_order.push_back(std::to_string(i) + ".2");
      return append_two(tx, std::to_string(i));
    };
    auto outcome = co_await store->commit_once(key, body);
    EXPECT_TRUE(outcome);
  };
  run_all(100, one);
  const auto rows = outbox();
  EXPECT_EQ(keys_of(rows), commit_order);
  EXPECT_EQ(std::ranges::adjacent_find(rows, std::ranges::greater_equal{}, &OutboxRow::seq),
            rows.end());
  const auto heard = listened.rows();
  ASSERT_EQ(heard.size(), rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(heard[i].seq, rows[i].seq);
    EXPECT_EQ(heard[i].event.key, rows[i].event.key);
    EXPECT_EQ(heard[i].event.data, rows[i].event.data);
  }
}

TEST_P(StoreConformance, the_outbox_is_read_in_parts) {
  for (int i = 0; i < 3; ++i) {
    const auto done = commit([&](Tx& tx) { return append_two(tx, std::to_string(i)); });
    ASSERT_TRUE(done);
  }
  std::vector<std::string> keys;
  std::int64_t after = 0;
  while (true) {
    const auto rows = executor.run(store->read_outbox(after, 4));
    ASSERT_TRUE(rows);
    if (rows->empty()) break;
    EXPECT_LE(rows->size(), 4U);
    for (const auto& key : keys_of(*rows)) keys.push_back(key);
    after = rows->back().seq;
  }
  EXPECT_EQ(keys, (std::vector<std::string>{"0.1", "0.2", "1.1", "1.2", "2.1", "2.2"}));
}

TEST_P(StoreConformance, relayed_rows_are_gone_and_their_numbers_never_come_back) {
  for (int i = 0; i < 3; ++i) {
    const auto done = commit([&](Tx& tx) { return append_two(tx, std::to_string(i)); });
    ASSERT_TRUE(done);
  }
  const auto rows = outbox();
  ASSERT_EQ(rows.size(), 6U);
  store->mark_relayed(rows[3].seq);
  EXPECT_EQ(keys_of(outbox()), (std::vector<std::string>{"2.1", "2.2"}));
  store->mark_relayed(rows[1].seq);
  EXPECT_EQ(outbox().size(), 2U);
  store->mark_relayed(rows[5].seq);
  EXPECT_TRUE(outbox().empty());
  const auto done = commit([&](Tx& tx) { return append_two(tx, "later"); });
  ASSERT_TRUE(done);
  reopen();
  ASSERT_GE(outbox().size(), 2U);
  EXPECT_GT(outbox().back().seq, rows[5].seq);
  EXPECT_EQ(outbox().back().event.key, "later.2");
}

TEST_P(StoreConformance, unsent_rows_survive_reopening) {
  const auto done = commit([&](Tx& tx) { return append_two(tx, "kept"); });
  ASSERT_TRUE(done);
  const auto before = outbox();
  reopen();
  const auto after = outbox();
  ASSERT_EQ(after.size(), 2U);
  EXPECT_EQ(after[0].seq, before[0].seq);
  EXPECT_EQ(after[1].event.key, "kept.2");
}

TEST_P(StoreConformance, the_uid_stays_and_another_store_has_another) {
  const std::string uid = store->uid();
  EXPECT_EQ(uid.size(), 16U);
  EXPECT_EQ(uid.find_first_not_of("0123456789abcdef"), std::string::npos);
  reopen();
  EXPECT_EQ(store->uid(), uid);
  const auto other_data = GetParam().make();
  const auto other = other_data->open(clock, {});
  EXPECT_NE(other->uid(), uid);
}

TEST_P(StoreConformance, old_keys_are_swept_a_bounded_number_at_a_time) {
  const auto keep = [&](const std::string& key) {
    return commit(OnceKey{key, 0}, [](Tx&) -> Result<std::string> { return "kept"; });
  };
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(keep("old" + std::to_string(i)));
  clock.advance(1h);
  const Timestamp border = clock.now();
  ASSERT_TRUE(keep("new"));
  const auto sweep = [&] { return executor.run(store->sweep_keys(border, 3)).value_or(-1); };
  EXPECT_EQ(sweep(), 3);
  EXPECT_EQ(sweep(), 2);
  EXPECT_EQ(sweep(), 0);
  EXPECT_FALSE(keep("old0")->replayed);
  EXPECT_TRUE(keep("new")->replayed);
}

}  // namespace
}  // namespace baedal::store::conformance
