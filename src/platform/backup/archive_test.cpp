// A backup on the disk: sealed, unpacked, and refused when anything of it is missing or changed.
#include "platform/backup/archive.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "platform/backup/new_folder.hpp"

namespace baedal::backup {
namespace {

namespace fs = std::filesystem;

class ArchiveTest : public testing::Test {
 protected:
  ArchiveTest() {
    std::string name = (fs::temp_directory_path() / "baedal-archive-XXXXXX").string();
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    base = name;
  }
  ~ArchiveTest() override { fs::remove_all(base); }

  static void write(const fs::path& file, const std::string& text) {
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
  }
  static std::string read(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  /// A sealed backup of two files.
  fs::path make_backup() {
    write(base / "backup/order.db", std::string(3'000'000, 'o'));
    write(base / "backup/view/data.mdb", "view");
    Manifest manifest{.program = "1", .commit = "c"};
    manifest.files.push_back({"order.db", "sqlite"});
    manifest.files.push_back({"view/data.mdb", "lmdb", 1'000});
    EXPECT_TRUE(seal(base / "backup", manifest));
    return base / "backup";
  }
  Result<void> restore() {
    auto manifest = read_manifest(base / "backup");
    if (!manifest) return pass_on(manifest);
    fs::remove_all(base / "data");
    return unpack(base / "backup", *manifest, base / "data");
  }

  fs::path base;
};

TEST_F(ArchiveTest, the_digest_is_sha256) {
  write(base / "file", "abc");
  const auto digest = digest_of(base / "file");
  ASSERT_TRUE(digest);
  EXPECT_EQ(digest->bytes, 3U);
  EXPECT_EQ(digest->sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_F(ArchiveTest, what_was_sealed_is_unpacked_with_the_length_it_is_to_have) {
  make_backup();
  ASSERT_TRUE(restore());
  EXPECT_EQ(read(base / "data/order.db"), std::string(3'000'000, 'o'));
  EXPECT_EQ(read(base / "data/view/data.mdb"), "view" + std::string(996, '\0'));
}

TEST_F(ArchiveTest, a_file_that_was_changed_cut_or_removed_is_named) {
  const fs::path file = make_backup() / "order.db";
  std::fstream(file, std::ios::in | std::ios::out).seekp(1'500'000).put('x');
  auto changed = restore();
  ASSERT_FALSE(changed);
  EXPECT_NE(changed.error().detail.find("order.db"), std::string::npos);
  fs::resize_file(file, 10);
  EXPECT_FALSE(restore());
  fs::remove(file);
  EXPECT_EQ(restore().error().code, "backup-damaged");
}

TEST_F(ArchiveTest, a_folder_without_a_manifest_is_no_backup) {
  EXPECT_EQ(restore().error().code, "no-backup");
}

TEST_F(ArchiveTest, a_new_folder_is_there_whole_or_not_at_all) {
  const fs::path target = base / "new";
  {
    auto folder = NewFolder::begin(target, ".partial");
    ASSERT_TRUE(folder) << folder.error().detail;
    write(folder->path() / "a/b", "text");
    EXPECT_FALSE(fs::exists(target));
    EXPECT_EQ(NewFolder::begin(target, ".partial").error().code, "folder-left-over");
  }
  EXPECT_FALSE(fs::exists(base / "new.partial"));
  auto folder = NewFolder::begin(target, ".partial");
  ASSERT_TRUE(folder);
  write(folder->path() / "a/b", "text");
  ASSERT_TRUE(folder->finish());
  EXPECT_EQ(read(target / "a/b"), "text");
  EXPECT_EQ(fs::status(target).permissions(), fs::perms::owner_all);
}

TEST_F(ArchiveTest, a_new_folder_takes_the_place_of_an_empty_one_only) {
  fs::create_directories(base / "empty");
  auto folder = NewFolder::begin(base / "empty/", ".partial");
  ASSERT_TRUE(folder) << folder.error().detail;
  write(folder->path() / "file", "text");
  ASSERT_TRUE(folder->finish());
  EXPECT_EQ(NewFolder::begin(base / "empty", ".partial").error().code, "folder-not-empty");
}

}  // namespace
}  // namespace baedal::backup
