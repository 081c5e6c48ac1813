// Argon2id as it is kept, and the bounded thread it runs on.
#include "services/accounts/outbound/argon2_hasher.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "kernel/async/manual_executor.hpp"
#include "kernel/async/sync.hpp"

namespace baedal::accounts {
namespace {

using ::testing::StartsWith;

/// As cheap as it gets: what is tested is not how long it takes.
constexpr Argon2Cost kCheap{.memory_kib = 8, .passes = 1};

class Argon2HasherTest : public ::testing::Test {
 protected:
  PasswordHash hash(const std::string& text) {
    const Password password{text};
    return executor_.run(hasher_.hash(password)).value();
  }
  Result<bool> matches(const std::string& text, const PasswordHash& hash) {
    const Password password{text};
    return executor_.run(hasher_.matches(password, hash));
  }

  ManualExecutor executor_;
  Argon2Hasher hasher_{{.cost = kCheap}};
};

TEST_F(Argon2HasherTest, knows_a_password_again_and_no_other) {
  const PasswordHash kept = hash("correct horse");
  EXPECT_THAT(kept.expose(), StartsWith("$argon2id$v=19$m=8,t=1,p=1$"));
  EXPECT_EQ(kept.expose().find('\0'), std::string::npos);
  EXPECT_EQ(matches("correct horse", kept), true);
  for (const char* wrong : {"correct horse ", "Correct horse", "", "correct"}) {
    EXPECT_EQ(matches(wrong, kept), false) << wrong;
  }
}

TEST_F(Argon2HasherTest, a_nul_is_a_character_as_others_are) {
  const std::string text{"a\0b", 3};
  const PasswordHash kept = hash(text);
  EXPECT_EQ(matches(text, kept), true);
  EXPECT_EQ(matches("a", kept), false);
}

TEST_F(Argon2HasherTest, salts_each_hash_anew) { EXPECT_NE(hash("same"), hash("same")); }

TEST_F(Argon2HasherTest, is_outdated_at_another_cost_and_still_known) {
  const PasswordHash kept = hash("correct horse");
  EXPECT_FALSE(hasher_.is_outdated(kept));
  Argon2Hasher dearer{{.cost = {.memory_kib = 16, .passes = 1}}};
  EXPECT_TRUE(dearer.is_outdated(kept));
  EXPECT_TRUE(dearer.is_outdated(PasswordHash{}));
  const Password right{"correct horse"};
  EXPECT_EQ(executor_.run(dearer.matches(right, kept)), true);
}

TEST_F(Argon2HasherTest, what_is_no_hash_is_an_error_and_lets_nobody_in) {
  for (const char* damaged : {"", "$argon2id$", "plain"}) {
    EXPECT_FALSE(matches("plain", PasswordHash{damaged}).has_value()) << damaged;
  }
}

TEST(WorkerThreads, run_work_elsewhere_and_come_back) {
  ManualExecutor executor;
  WorkerThreads threads{"test", 1, 1};
  const auto here = std::this_thread::get_id();
  std::thread::id worked;
  std::thread::id resumed;
  auto task = [&]() -> Task<void> {
    auto work = [&] { worked = std::this_thread::get_id(); };
    const bool accepted = co_await threads.run(work);
    EXPECT_TRUE(accepted);
    resumed = std::this_thread::get_id();
  };
  executor.run(task());
  EXPECT_NE(worked, here);
  EXPECT_EQ(resumed, here);
}

TEST(WorkerThreads, refuse_at_once_what_finds_the_queue_full) {
  ManualExecutor executor;
  std::mutex gate;
  std::unique_lock closed(gate);
  std::atomic<bool> begun{false};
  int ran = 0;
  int refused = 0;
  WorkerThreads threads{"test", 1, 2};
  auto work = [&] {
    begun = true;
    begun.notify_all();
    const std::lock_guard waits(gate);
  };
  auto task = [&]() -> Task<void> {
    const bool accepted = co_await threads.run(work);
    ++(accepted ? ran : refused);
  };
  executor.post([&] { spawn(task()); });
  executor.run_ready();
  begun.wait(false);  // the thread has taken it: the queue is empty again
  for (int i = 0; i < 4; ++i) executor.post([&] { spawn(task()); });
  executor.run_ready();
  EXPECT_EQ(refused, 2);
  EXPECT_EQ(ran, 0);
  closed.unlock();
  auto all_ran = [&]() -> Task<void> {
    while (ran < 3) co_await yield();
  };
  executor.run(all_ran());
  EXPECT_EQ(ran, 3);
}

}  // namespace
}  // namespace baedal::accounts
