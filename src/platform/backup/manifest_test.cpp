// The manifest of a backup: what is written is read again, and what could do harm is refused.
#include "platform/backup/manifest.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace baedal::backup {
namespace {

Manifest example() {
  Manifest manifest{.program = "1.2.3", .commit = "abc", .taken_at = {1'790'000'000'123'000}};
  manifest.files.push_back({"order.db", "sqlite", 4'096, {4'096, std::string(64, 'a')}});
  manifest.files.push_back({"mypage/data.mdb", "lmdb", 1 << 26, {8'192, std::string(64, 'b')}});
  return manifest;
}

std::string with(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(Manifest, is_read_as_it_was_written) {
  const auto read = parse_manifest(to_json(example()));
  ASSERT_TRUE(read) << read.error().detail;
  EXPECT_EQ(*read, example());
}

TEST(Manifest, of_a_newer_program_is_refused) {
  const auto read = parse_manifest(with(to_json(example()), "\"format\" : 1", "\"format\" : 2"));
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().detail, testing::HasSubstr("newer program"));
}

TEST(Manifest, a_path_that_leaves_the_folder_is_refused) {
  for (const char* path : {"../order.db", "/etc/passwd", "a/../../b", "", "./order.db"}) {
    const auto read = parse_manifest(with(to_json(example()), "order.db", path));
    ASSERT_FALSE(read) << path;
    EXPECT_EQ(read.error().code, "bad-manifest");
  }
}

TEST(Manifest, what_is_none_is_refused) {
  for (const char* text : {"", "[]", "{}", "{\"format\":1}", "{\"format\":-1}", "no json"}) {
    EXPECT_FALSE(parse_manifest(text)) << text;
  }
  const std::string negative = with(to_json(example()), "\"bytes\" : 4096", "\"bytes\" : -1");
  EXPECT_FALSE(parse_manifest(negative));
  const std::string longer = with(to_json(example()), "\"length\" : 4096", "\"length\" : 1");
  EXPECT_FALSE(parse_manifest(longer));
}

TEST(Manifest, cut_anywhere_is_refused) {
  const std::string whole = to_json(example());
  for (std::size_t length = 0; length + 2 < whole.size(); ++length) {
    ASSERT_FALSE(parse_manifest(whole.substr(0, length))) << length;
  }
}

}  // namespace
}  // namespace baedal::backup
