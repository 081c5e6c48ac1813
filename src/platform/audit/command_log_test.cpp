// The audit log of commands: what stands in a line, and who is said to have run one.
#include "platform/audit/command_log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "kernel/json/parse.hpp"
#include "platform/clock/manual_clock.hpp"

namespace baedal::audit {
namespace {

namespace fs = std::filesystem;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

class CommandLogTest : public testing::Test {
 protected:
  CommandLogTest() {
    std::string name = (fs::temp_directory_path() / "baedal-commands-XXXXXX").string();
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    folder = name;
  }
  ~CommandLogTest() override { fs::remove_all(folder); }

  std::string line_of(const CommandDone& done, const Error* error = nullptr) {
    const std::string path = (folder / "audit.jsonl").string();
    fs::remove(path);
    CommandLog log{AppendOnlyFile::open(path).value(), clock, "os:root"};
    EXPECT_TRUE(log.write(done, error));
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  fs::path folder;
  ManualClock clock{Timestamp{1'790'000'000'000'000}};
};

TEST_F(CommandLogTest, a_command_is_one_json_line_with_who_what_and_of_whom) {
  const std::string line = line_of({"accounts add", "kim", {"customer", "courier"}});
  EXPECT_THAT(line, HasSubstr(R"("who":"os:root","command":"accounts add","of":"kim",)"
                              R"("roles":["customer","courier"],"outcome":"done"})"));
  EXPECT_THAT(line, EndsWith("}\n"));
  EXPECT_TRUE(json::parse(line));
}

TEST_F(CommandLogTest, a_command_that_gives_no_roles_has_no_member_for_them) {
  EXPECT_THAT(line_of({"accounts rm", "kim"}), Not(HasSubstr("roles")));
}

TEST_F(CommandLogTest, refusals_and_failures_are_told_apart) {
  const Error taken{.kind = ErrorKind::kConflict, .code = "name-taken", .detail = "Taken."};
  EXPECT_THAT(line_of({"accounts add", "kim"}, &taken), HasSubstr(R"("outcome":"refused")"));
  const Error away{.kind = ErrorKind::kUnavailable, .code = "store", .detail = "Away."};
  EXPECT_THAT(line_of({"accounts add", "kim"}, &away), HasSubstr(R"("outcome":"failed")"));
}

TEST_F(CommandLogTest, whatever_the_name_a_line_stays_one_line_of_json) {
  const std::string line = line_of({"token", "a\n{\"who\":\"x\"}\xff", {"r\n"}});
  EXPECT_EQ(std::ranges::count(line, '\n'), 1);
  EXPECT_TRUE(json::parse(line)) << line;
}

TEST(SystemUser, is_named_by_the_system_and_told_from_the_subjects_of_tokens) {
  const std::string who = system_user();
  EXPECT_THAT(who, testing::StartsWith("os:"));
  EXPECT_GT(who.size(), std::string_view{"os:"}.size());
  if (::getuid() == 0) {
    EXPECT_EQ(who, "os:root");
  }
}

}  // namespace
}  // namespace baedal::audit
