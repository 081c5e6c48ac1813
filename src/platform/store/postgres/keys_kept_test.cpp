// How many once-keys a database may keep for the clients of several processes. Method: two stores
// on one database, and rows changed by hand in place of a program that does not count them.

#include "platform/store/postgres/testing/postgres_under_test.hpp"

namespace baedal::store {
namespace {

using namespace conformance;
using postgres::PostgresServer;

class KeysKept : public testing::Test {
 protected:
  std::unique_ptr<PostgresStore> open(std::int64_t keys_max) {
    PostgresOptions options = options_of_things(url_, clock_);
    options.limits.keys_max = keys_max;
    auto store = PostgresStore::open(std::move(options));
    EXPECT_TRUE(store) << store.error().detail;
    return store ? std::move(*store) : nullptr;
  }
  /// Whether a client's request with that key is carried out, or was.
  bool ask(Store& store, const std::string& key) {
    const OnceKey once{.key = key, .fingerprint = 1, .of_client = true};
    auto body = [](Tx&) -> Result<std::string> { return "done"; };
    const auto outcome = executor_.run(store.commit_once(once, body));
    if (!outcome) {
      EXPECT_EQ(outcome.error().code, "idempotency-keys-full");
    }
    return outcome.has_value();
  }
  /// Sweeps keys from before now; gives how many went.
  std::int64_t sweep(Store& store, std::int64_t limit) {
    return executor_.run(store.sweep_keys(clock_.now(), limit)).value_or(-1);
  }
  [[nodiscard]] std::string counted() const {
    return PostgresServer::psql(
        url_,
        "SELECT (SELECT count(*) FROM once_keys), (SELECT sum(row_count) FROM row_counts"
        " WHERE table_name = 'once_keys')");
  }

  TestClock clock_;
  ManualExecutor executor_;
  const std::string url_ = PostgresServer::shared().make_database();
};

TEST_F(KeysKept, those_of_another_process_count_a_second_later_and_make_room_at_once) {
  const auto one = open(4);
  const auto other = open(4);
  EXPECT_TRUE(ask(*one, "a"));
  EXPECT_TRUE(ask(*other, "b"));
  EXPECT_TRUE(ask(*other, "c"));
  EXPECT_TRUE(ask(*one, "d"));
  clock_.advance(std::chrono::seconds{1});
  EXPECT_FALSE(ask(*one, "e"));
  EXPECT_FALSE(ask(*other, "e"));
  EXPECT_TRUE(ask(*other, "a")) << "a known key is answered";
  EXPECT_EQ(counted(), "4|4");
  clock_.advance(std::chrono::seconds{1});
  EXPECT_EQ(sweep(*one, 1), 1);
  EXPECT_TRUE(ask(*other, "e"));
  EXPECT_FALSE(ask(*one, "f"));
  EXPECT_EQ(counted(), "4|4");
}

TEST_F(KeysKept, are_counted_in_a_database_where_none_were) {
  {
    const auto before = open(0);
    EXPECT_TRUE(ask(*before, "a"));
    EXPECT_TRUE(ask(*before, "b"));
  }
  std::ignore = PostgresServer::psql(url_, "DELETE FROM row_counts WHERE table_name = 'once_keys'");
  const auto store = open(3);
  EXPECT_EQ(counted(), "2|2");
  EXPECT_TRUE(ask(*store, "c"));
  EXPECT_FALSE(ask(*store, "d"));
}

TEST_F(KeysKept, are_counted_anew_once_since_an_older_program_may_have_been_at_work) {
  const auto store = open(3);
  EXPECT_TRUE(ask(*store, "a"));
  std::ignore = PostgresServer::psql(url_, "INSERT INTO once_keys SELECT 'old ' || n, 1, '', " +
                                               std::to_string(clock_.now().micros) +
                                               " FROM generate_series(1, 2) AS n");
  EXPECT_EQ(counted(), "3|1");
  EXPECT_EQ(sweep(*store, 10), 0);
  EXPECT_EQ(counted(), "3|3");
  clock_.advance(std::chrono::seconds{1});
  EXPECT_FALSE(ask(*store, "b"));
  EXPECT_EQ(sweep(*store, 2), 2);
  EXPECT_EQ(counted(), "1|1");
}

}  // namespace
}  // namespace baedal::store
