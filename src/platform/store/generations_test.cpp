// Generations over plain folders: what a crash leaves after each step is opened again, and the
// current one is the old or the new, never neither.
#include "platform/store/generations.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "platform/clock/manual_clock.hpp"
#include "platform/store/memory/memory_store.hpp"

namespace baedal::store {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

/// A folder that goes with the test, and an opener that makes one file per generation.
class GenerationsTest : public ::testing::Test {
 protected:
  GenerationsTest() {
    std::string pattern = (fs::temp_directory_path() / "generations-test-XXXXXX").string();
    root_ = ::mkdtemp(pattern.data());
    folder_ = root_ / "view";
  }
  ~GenerationsTest() override { fs::remove_all(root_); }

  Generations::Opener opener() {
    return [this](const fs::path& path) -> Result<std::unique_ptr<Store>> {
      opened_.push_back(path.filename().string());
      if (refuse_) return unavailable("busy", "Another process has it.");
      fs::create_directories(path);
      std::ofstream{path / "data"} << "rows";
      return std::make_unique<MemoryStore>(disk_, clock_);
    };
  }
  Generations make() { return {folder_, opener()}; }
  /// Opens as a new process does; the generation it found current.
  std::string reopened() {
    Generations generations = make();
    opened_.clear();
    EXPECT_TRUE(generations.open_current());
    return opened_.empty() ? "" : opened_.back();
  }
  void write(const std::string& name, const std::string& text) {
    fs::create_directories(folder_);
    std::ofstream{folder_ / name} << text;
  }
  void put_generation(const std::string& name) {
    fs::create_directories(folder_ / name);
    std::ofstream{folder_ / name / "data"} << "rows";
  }
  std::string current() {
    std::ifstream file(folder_ / "CURRENT");
    return {std::istreambuf_iterator<char>{file}, {}};
  }
  /// Every path below the folder with its content.
  std::map<std::string, std::string> files() {
    std::map<std::string, std::string> found;
    if (!fs::exists(folder_)) return found;
    for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
      std::string text;
      if (entry.is_regular_file()) {
        std::ifstream file(entry.path());
        text.assign(std::istreambuf_iterator<char>{file}, {});
      }
      found.emplace(fs::relative(entry.path(), folder_).string(), text);
    }
    return found;
  }
  std::vector<std::string> generations_there() {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_)) {
      std::error_code ec;
      if (entry.is_directory(ec)) names.push_back(entry.path().filename().string());
    }
    return names;
  }

  fs::path root_;
  fs::path folder_;
  ManualClock clock_{Timestamp{0}};
  MemoryDisk disk_{"test"};
  std::vector<std::string> opened_;
  bool refuse_ = false;
};

TEST_F(GenerationsTest, the_first_one_is_made_and_found_again) {
  EXPECT_EQ(reopened(), "generation-1");
  EXPECT_EQ(current(), "1\n");
  EXPECT_EQ(reopened(), "generation-1");
}

TEST_F(GenerationsTest, a_promoted_one_is_current_from_then_on_and_the_old_one_goes) {
  Generations generations = make();
  ASSERT_TRUE(generations.open_current());
  for (const char* next : {"generation-2", "generation-3"}) {
    ASSERT_TRUE(generations.begin_fresh());
    ASSERT_TRUE(generations.promote());
    EXPECT_THAT(generations_there(), ElementsAre(next));
    EXPECT_EQ(reopened(), next);
  }
}

TEST_F(GenerationsTest, a_discarded_one_leaves_the_old_one_and_can_be_begun_again) {
  Generations generations = make();
  ASSERT_TRUE(generations.open_current());
  ASSERT_TRUE(generations.begin_fresh());
  write("generation-2/more", "from the first try");
  generations.discard();
  EXPECT_THAT(generations_there(), ElementsAre("generation-1"));
  ASSERT_TRUE(generations.begin_fresh());
  EXPECT_FALSE(fs::exists(folder_ / "generation-2" / "more"));
  ASSERT_TRUE(generations.promote());
  EXPECT_EQ(reopened(), "generation-2");
}

TEST_F(GenerationsTest, what_a_crash_leaves_after_each_step_opens_as_the_old_or_the_new_one) {
  struct Step {
    const char* name;
    std::function<void()> leave;
    const char* found;
  };
  const auto old_one = [this] {
    write("CURRENT", "1\n");
    put_generation("generation-1");
  };
  const Step steps[] = {
      {"nothing made", [] {}, "generation-1"},
      {"folder made", [this] { fs::create_directories(folder_); }, "generation-1"},
      {"first CURRENT half written", [this] { write("CURRENT.new", ""); }, "generation-1"},
      {"first CURRENT written, not renamed", [this] { write("CURRENT.new", "1\n"); },
       "generation-1"},
      {"first CURRENT there, the store not made", [this] { write("CURRENT", "1\n"); },
       "generation-1"},
      {"first store made", old_one, "generation-1"},
      {"fresh one begun", [&] { old_one(), put_generation("generation-2"); }, "generation-1"},
      {"promotion half written",
       [&] { old_one(), put_generation("generation-2"), write("CURRENT.new", ""); },
       "generation-1"},
      {"promotion written, not renamed",
       [&] { old_one(), put_generation("generation-2"), write("CURRENT.new", "2\n"); },
       "generation-1"},
      {"promoted, the old one not removed",
       [&] { old_one(), put_generation("generation-2"), write("CURRENT", "2\n"); }, "generation-2"},
      {"promoted, the old one half removed",
       [&] {
         old_one(), put_generation("generation-2"), write("CURRENT", "2\n");
         fs::remove(folder_ / "generation-1" / "data");
       },
       "generation-2"},
      {"promoted, the old one removed",
       [&] { put_generation("generation-2"), write("CURRENT", "2\n"); }, "generation-2"}};
  for (const Step& step : steps) {
    SCOPED_TRACE(step.name);
    fs::remove_all(folder_);
    step.leave();
    EXPECT_EQ(reopened(), step.found);
    EXPECT_THAT(generations_there(), ElementsAre(step.found)) << "what was left over is removed";
    Generations next = make();
    ASSERT_TRUE(next.open_current());
    ASSERT_TRUE(next.begin_fresh());
    ASSERT_TRUE(next.promote());
    EXPECT_NE(reopened(), step.found);
  }
}

TEST_F(GenerationsTest, a_damaged_current_is_refused_and_nothing_is_removed) {
  put_generation("generation-1");
  put_generation("generation-2");
  for (const char* damaged : {"", "\n", "0\n", "-1\n", "two\n", "2 \n", "99999999999999999999\n",
                              "22222222222222222222222222222222222222\n"}) {
    write("CURRENT", damaged);
    const auto before = files();
    Generations generations = make();
    for (const auto& refused : {generations.open_current(), generations.inspect_current()}) {
      ASSERT_FALSE(refused) << damaged;
      EXPECT_EQ(refused.error().code, "store-damaged");
      EXPECT_THAT(refused.error().detail, HasSubstr("CURRENT"));
    }
    EXPECT_EQ(files(), before);
  }
}

TEST_F(GenerationsTest, a_current_that_cannot_be_read_is_not_taken_for_none) {
  put_generation("generation-2");
  fs::create_symlink("CURRENT", folder_ / "CURRENT");
  Generations generations = make();
  EXPECT_FALSE(generations.open_current());
  EXPECT_FALSE(generations.inspect_current());
  EXPECT_THAT(generations_there(), ElementsAre("generation-2"));
  fs::remove(folder_ / "CURRENT");
  fs::create_directory(folder_ / "CURRENT");
  EXPECT_FALSE(generations.open_current());
  EXPECT_THAT(generations_there(), UnorderedElementsAre("CURRENT", "generation-2"));
}

TEST_F(GenerationsTest, one_that_another_process_has_keeps_the_files_of_its_rebuild) {
  Generations server = make();
  ASSERT_TRUE(server.open_current());
  ASSERT_TRUE(server.begin_fresh());
  refuse_ = true;
  Generations other = make();
  EXPECT_EQ(other.open_current().error().code, "busy");
  EXPECT_THAT(generations_there(), UnorderedElementsAre("generation-1", "generation-2"));
}

TEST_F(GenerationsTest, a_promotion_that_cannot_be_written_leaves_the_old_one) {
  Generations generations = make();
  ASSERT_TRUE(generations.open_current());
  ASSERT_TRUE(generations.begin_fresh());
  fs::create_directory(folder_ / "CURRENT.new");
  const auto refused = generations.promote();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kUnavailable);
  generations.discard();
  EXPECT_EQ(current(), "1\n");
  fs::remove(folder_ / "CURRENT.new");
  EXPECT_EQ(reopened(), "generation-1");
  ASSERT_TRUE(generations.begin_fresh());
  ASSERT_TRUE(generations.promote());
  EXPECT_EQ(reopened(), "generation-2");
}

TEST_F(GenerationsTest, looking_in_changes_no_file) {
  Generations generations = make();
  EXPECT_EQ(generations.inspect_current().error().kind, ErrorKind::kNotFound);
  EXPECT_FALSE(fs::exists(folder_)) << "not even the folder is made";
  write("CURRENT", "1\n");
  EXPECT_EQ(generations.inspect_current().error().kind, ErrorKind::kNotFound)
      << "named, not made yet";
  put_generation("generation-1");
  put_generation("generation-2");
  write("CURRENT.new", "2\n");
  const auto before = files();
  EXPECT_TRUE(generations.inspect_current());
  EXPECT_EQ(opened_.back(), "generation-1");
  EXPECT_EQ(files(), before);
}

}  // namespace
}  // namespace baedal::store
