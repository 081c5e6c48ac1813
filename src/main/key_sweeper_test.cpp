// When old once-keys go, and that young ones stay. Method: a store in memory and time moved by
// hand.
#include "main/key_sweeper.hpp"

#include <gtest/gtest.h>

#include <string>

#include "kernel/async/manual_executor.hpp"
#include "platform/store/faulty/faulty_store.hpp"
#include "platform/store/memory/memory_store.hpp"

namespace baedal {
namespace {

using namespace std::chrono_literals;

class ExecutorClock final : public Clock {
 public:
  explicit ExecutorClock(const ManualExecutor& executor) : executor_(executor) {}
  [[nodiscard]] Timestamp now() const override {
    return {std::chrono::duration_cast<std::chrono::microseconds>(executor_.now()).count()};
  }
  [[nodiscard]] std::chrono::steady_clock::time_point monotonic() const override {
    return std::chrono::steady_clock::time_point{executor_.now()};
  }

 private:
  const ManualExecutor& executor_;
};

class KeySweeping : public ::testing::Test {
 protected:
  ~KeySweeping() override { executor_.run(sweeper_.stop()); }

  void start(std::vector<store::Store*> stores) {
    executor_.post([this, stores = std::move(stores)] { sweeper_.start(stores); });
    executor_.run_ready();
  }
  void keep(const std::string& key) {
    const OnceKey once{key, 0};
    const auto body = [](store::Tx&) -> Result<std::string> { return "kept"; };
    ASSERT_TRUE(executor_.run(store_.commit_once(once, body)));
  }
  bool has(const std::string& key) {
    const OnceKey once{key, 0};
    const auto body = [](store::Tx&) -> Result<std::string> {
      return fail(ErrorKind::kNotFound, "gone", "");
    };
    return executor_.run(store_.commit_once(once, body)).has_value();
  }

  ManualExecutor executor_;
  ExecutorClock clock_{executor_};
  store::MemoryDisk disk_;
  store::MemoryStore store_{disk_, clock_};
  store::FaultyStore faulty_{store_};
  KeySweeper sweeper_{clock_, 10min, {.first_pause = 5min, .pause = 1min, .chunk = 3}};
};

TEST_F(KeySweeping, old_keys_all_go_though_in_chunks_and_young_ones_stay) {
  start({&store_});
  for (int i = 0; i < 8; ++i) keep("old" + std::to_string(i));
  executor_.advance(3min);
  keep("young");
  executor_.advance(6min);
  EXPECT_TRUE(has("old0")) << "younger than the retention";
  executor_.advance(3min);
  for (int i = 0; i < 8; ++i) EXPECT_FALSE(has("old" + std::to_string(i)));
  EXPECT_TRUE(has("young"));
  executor_.advance(3min);
  EXPECT_FALSE(has("young"));
}

TEST_F(KeySweeping, nothing_goes_in_the_first_minutes) {
  keep("old");
  executor_.advance(1h);
  start({&store_});
  executor_.advance(5min - 1ms);
  EXPECT_TRUE(has("old"));
  executor_.advance(1s);
  EXPECT_FALSE(has("old"));
}

TEST_F(KeySweeping, a_store_that_refuses_is_tried_again_a_pause_later) {
  keep("old");
  executor_.advance(1h);
  faulty_.fail_call(1, store::FaultMode::kRefused);
  start({&faulty_});
  executor_.advance(5min + 1s);
  EXPECT_TRUE(has("old"));
  executor_.advance(1min);
  EXPECT_FALSE(has("old"));
}

TEST_F(KeySweeping, ends_at_once_in_the_midst_of_a_pause) {
  start({&store_});
  executor_.advance(2min);
  executor_.run(sweeper_.stop());
  EXPECT_EQ(executor_.now(), 2min);
}

TEST_F(KeySweeping, without_stores_there_is_nothing_to_end) {
  start({});
  executor_.run(sweeper_.stop());
  EXPECT_EQ(executor_.now(), 0s);
}

}  // namespace
}  // namespace baedal
