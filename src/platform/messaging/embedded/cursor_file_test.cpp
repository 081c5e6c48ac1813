// Positions across restarts, torn writes and damage.
#include "platform/messaging/embedded/cursor_file.hpp"

#include <fstream>

#include "platform/messaging/conformance/test_support.hpp"

namespace baedal::messaging {
namespace {

namespace fs = std::filesystem;

class CursorFileTest : public ::testing::Test {
 protected:
  std::optional<Cursor> reopened() {
    auto file = CursorFile::open(path_);
    EXPECT_TRUE(file);
    return file->cursor();
  }
  void save(std::uint64_t epoch, Offset offset) {
    auto file = CursorFile::open(path_);
    ASSERT_TRUE(file && file->save({epoch, offset}) && file->sync());
  }
  void overwrite(std::streamoff from, const std::string& bytes) {
    std::fstream stream(path_, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekp(from);
    stream << bytes;
  }

  TempFolder folder_;
  fs::path path_ = folder_.path() / "group.position";
};

TEST_F(CursorFileTest, a_new_file_has_no_cursor_and_a_saved_one_comes_back) {
  EXPECT_EQ(reopened(), std::nullopt);
  for (Offset offset = 0; offset < 5; ++offset) {
    save(3, offset);
    EXPECT_EQ(reopened(), (Cursor{3, offset}));
  }
}

TEST_F(CursorFileTest, a_write_torn_at_any_byte_leaves_the_cursor_before_it) {
  save(1, 10);
  save(1, 20);
  const fs::path before = folder_.path() / "before";
  fs::copy(path_, before);
  save(2, 30);  // into the second slot
  std::string after(64, '\0');
  std::ifstream(path_, std::ios::binary).read(after.data(), 64);
  for (std::size_t torn = 0; torn < 32; ++torn) {
    fs::copy(before, path_, fs::copy_options::overwrite_existing);
    overwrite(32, after.substr(32, torn));
    EXPECT_EQ(reopened(), (Cursor{1, 20})) << torn << " bytes written";
  }
}

TEST_F(CursorFileTest, a_first_write_torn_at_any_byte_leaves_no_cursor) {
  save(1, 10);
  const auto size = fs::file_size(path_);
  for (auto cut = size; cut-- > 0;) {
    fs::resize_file(path_, cut);
    EXPECT_EQ(reopened(), std::nullopt);
  }
}

TEST_F(CursorFileTest, two_damaged_slots_are_refused) {
  save(1, 10);
  save(1, 20);
  overwrite(8, "x");
  overwrite(40, "x");
  EXPECT_FALSE(CursorFile::open(path_));
}

}  // namespace
}  // namespace baedal::messaging
