// Generations of the view over stores that fail: a rebuild that does not begin leaves nothing.
#include "services/mypage/outbound/view_generations.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <map>
#include <string>

#include "kernel/async/manual_executor.hpp"
#include "platform/clock/manual_clock.hpp"
#include "platform/store/faulty/faulty_store.hpp"
#include "platform/store/memory/memory_store.hpp"

namespace baedal::mypage {
namespace {

namespace fs = std::filesystem;

/// What one generation keeps.
struct MemoryGeneration {
  explicit MemoryGeneration(const Clock& clock) : memory(disk, clock) {}
  store::MemoryDisk disk{"view"};
  store::MemoryStore memory;
};

class ViewGenerationsTest : public ::testing::Test {
 protected:
  ~ViewGenerationsTest() override { fs::remove_all(folder_); }

  static fs::path fresh_folder() {
    std::string pattern = (fs::temp_directory_path() / "generations-XXXXXX").string();
    return ::mkdtemp(pattern.data());
  }
  Result<std::unique_ptr<store::Store>> open(const fs::path& path) {
    fs::create_directories(path);
    auto& made = made_[path.filename().string()];
    made = std::make_unique<MemoryGeneration>(clock_);
    auto faulty = std::make_unique<store::FaultyStore>(made->memory);
    faulty->fail_call(fail_call_, store::FaultMode::kRefused);
    return faulty;
  }

  ManualExecutor executor_;
  ManualClock clock_{Timestamp{1'700'000'000'000'000}};
  fs::path folder_ = fresh_folder();
  std::map<std::string, std::unique_ptr<MemoryGeneration>> made_;
  std::int64_t fail_call_ = 0;
  store::Generations generations_{folder_, [this](const fs::path& path) { return open(path); }};
};

TEST_F(ViewGenerationsTest, a_fresh_one_that_cannot_be_written_is_thrown_away) {
  std::shared_ptr<store::Store> live = generations_.open_current().value();
  StoredGenerations generations(generations_, "mypage-1", live);
  fail_call_ = 1;
  EXPECT_FALSE(executor_.run(generations.begin_fresh()));
  EXPECT_TRUE(fs::exists(folder_ / "generation-1"));
  EXPECT_FALSE(fs::exists(folder_ / "generation-2"));

  fail_call_ = 0;
  EXPECT_TRUE(executor_.run(generations.begin_fresh()));
  EXPECT_TRUE(generations.promote());
  EXPECT_FALSE(fs::exists(folder_ / "generation-1"));
}

}  // namespace
}  // namespace baedal::mypage
