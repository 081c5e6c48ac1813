// A client that repeats until it has an answer, over a store whose n-th call fails, for n = 1, 2, 3
// and so on until nothing failed: nothing lost, nothing double.

#include "platform/store/conformance/store_conformance.hpp"
#include "platform/store/faulty/faulty_store.hpp"

namespace baedal::store::conformance {
namespace {

constexpr int kTriesMax = 5;

/// The call until it succeeds; a client knows no more than "unavailable, try again".
template <class Call>
auto until_answered(Call call) -> decltype(call()) {
  auto result = call();
  for (int i = 1; i < kTriesMax && !result; ++i) {
    EXPECT_EQ(result.error().kind, ErrorKind::kUnavailable);
    result = call();
  }
  return result;
}

/// Two things, one after the other, each with a key and an event, then everything relayed.
void place_two_and_relay(ManualExecutor& executor, Store& store,
                         std::vector<std::string>& relayed) {
  for (const std::string code : {"a", "b"}) {
    const OnceKey key{"place " + code, 1};
    auto body = [&](Tx& tx) -> Result<std::string> {
      const Value value = code;
      auto known = tx.find_by(kThings, kCode, value);
      if (!known) return pass_on(known);
      auto id = insert_thing(tx, value, 1);
      if (!id) return pass_on(id);
      auto appended = append_event(tx, code);
      if (!appended) return pass_on(appended);
      return std::to_string(*id);
    };
    const auto placed = until_answered([&] { return executor.run(store.commit_once(key, body)); });
    ASSERT_TRUE(placed);
    const auto found = until_answered(
        [&] { return executor.run(store.find(kThings, std::stoll(placed->answer))); });
    ASSERT_TRUE(found && *found);
    EXPECT_EQ((**found)[kCode], Value(code));
  }
  const auto rows = until_answered([&] { return executor.run(store.read_outbox(0, 10)); });
  ASSERT_TRUE(rows);
  relayed = keys_of(*rows);
  store.mark_relayed(rows->back().seq);
}

TEST_P(StoreConformance, whichever_call_fails_nothing_is_lost_and_nothing_double) {
  for (const FaultMode mode : {FaultMode::kRefused, FaultMode::kAnswerLost}) {
    bool fired = true;
    for (int n = 1; fired; ++n) {
      SCOPED_TRACE("call " + std::to_string(n));
      ASSERT_LT(n, 100);
      store.reset();
      data.reset();
      reopen();
      FaultyStore faulty(*store);
      faulty.fail_call(n, mode);
      std::vector<std::string> relayed;
      place_two_and_relay(executor, faulty, relayed);
      fired = faulty.fired();
      EXPECT_EQ(page({}).total_rows, 2);
      EXPECT_EQ(relayed, (std::vector<std::string>{"a", "b"}));
      reopen();
      EXPECT_EQ(page({}).total_rows, 2);
    }
  }
}

}  // namespace
}  // namespace baedal::store::conformance
