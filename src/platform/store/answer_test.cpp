// Answers kept with a key: what goes in comes out, and asking for one leaves no trace.
#include "platform/store/answer.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "kernel/async/manual_executor.hpp"
#include "platform/clock/manual_clock.hpp"
#include "platform/store/faulty/faulty_store.hpp"
#include "platform/store/memory/memory_store.hpp"

namespace baedal::store {
namespace {

TEST(Answer, comes_back_as_it_was) {
  const Row rows[] = {{},
                      {std::int64_t{0}, std::monostate{}, std::string{}},
                      {std::numeric_limits<std::int64_t>::min(),
                       std::numeric_limits<std::int64_t>::max(), std::string{"1"}},
                      {std::string{"김밥 \"quoted\" \\ \n \t \x01"}, std::string{"null"}}};
  for (const Row& row : rows) {
    const auto decoded = decode_answer(encode_answer(row));
    ASSERT_TRUE(decoded);
    EXPECT_EQ(*decoded, row);
  }
}

TEST(Answer, that_is_damaged_is_an_error) {
  for (const char* damaged : {"", "[", "{}", "7", "[1", "null"}) {
    const auto decoded = decode_answer(damaged);
    ASSERT_FALSE(decoded) << damaged;
    EXPECT_EQ(decoded.error().kind, ErrorKind::kInternal);
  }
}

class Recall : public ::testing::Test {
 protected:
  Result<CommitOutcome> commit(const OnceKey& key, const Row& row) {
    auto body = [&](Tx&) -> Result<std::string> { return encode_answer(row); };
    return executor_.run(store_.commit_once(key, body));
  }

  ManualExecutor executor_;
  ManualClock clock_{Timestamp{0}};
  MemoryDisk disk_{"test"};
  MemoryStore memory_{disk_, clock_};
  FaultyStore store_{memory_};
};

TEST_F(Recall, gives_what_was_kept_and_nothing_else) {
  const Row row{std::int64_t{7}, std::string{"seven"}};
  ASSERT_TRUE(commit({"k", 1}, row));
  EXPECT_EQ(executor_.run(recall(store_, {"k", 1})).value(), row);
  EXPECT_EQ(executor_.run(recall(store_, {"other", 1})).value(), std::nullopt);
  EXPECT_EQ(executor_.run(recall(store_, OnceKey::none())).value(), std::nullopt);
  EXPECT_EQ(executor_.run(recall(store_, {"k", 2})).error().kind, ErrorKind::kIdempotencyMismatch);
}

TEST_F(Recall, leaves_no_trace_of_a_key_never_seen) {
  ASSERT_EQ(executor_.run(recall(store_, {"k", 1})).value(), std::nullopt);
  const auto committed = commit({"k", 2}, {std::int64_t{7}});
  ASSERT_TRUE(committed);
  EXPECT_FALSE(committed->replayed);
}

TEST_F(Recall, passes_the_stores_error_on) {
  for (const auto mode : {FaultMode::kRefused, FaultMode::kAnswerLost}) {
    store_.fail_call(1, mode);
    EXPECT_EQ(executor_.run(recall(store_, {"k", 1})).error().kind, ErrorKind::kUnavailable);
  }
}

}  // namespace
}  // namespace baedal::store
