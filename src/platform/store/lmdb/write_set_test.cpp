// What a failed body leaves behind in the write set: nothing.
#include "platform/store/lmdb/write_set.hpp"

#include <gtest/gtest.h>

namespace baedal::store::lmdb {
namespace {

constexpr WriteSet::Space kHere = 1, kThere = 200;

TEST(LmdbWriteSet, undoing_a_body_restores_what_earlier_bodies_wrote) {
  WriteSet writes;
  writes.begin_body();
  writes.put(kHere, "kept", "first");
  writes.erase(kHere, "gone");
  writes.begin_body();
  writes.put(kHere, "kept", "second");
  writes.erase(kHere, "kept");
  writes.put(kHere, "gone", "back");
  writes.put(kHere, "new", "value");
  writes.erase(kHere, "new");
  writes.undo_body();
  ASSERT_NE(writes.find(kHere, "kept"), nullptr);
  EXPECT_EQ(*writes.find(kHere, "kept"), "first");
  ASSERT_NE(writes.find(kHere, "gone"), nullptr);
  EXPECT_FALSE(writes.find(kHere, "gone")->has_value());
  EXPECT_EQ(writes.find(kHere, "new"), nullptr);
}

TEST(LmdbWriteSet, entries_come_by_space_then_by_key_bytes) {
  WriteSet writes;
  writes.put(kThere, "a", "");
  writes.put(kHere, "\xff", "");
  writes.put(kHere, "b", "");
  const auto sorted = writes.sorted();
  ASSERT_EQ(sorted.size(), 3U);
  EXPECT_EQ(WriteSet::key_of(*sorted[0]), "b");
  EXPECT_EQ(WriteSet::key_of(*sorted[1]), "\xff");
  EXPECT_EQ(WriteSet::space_of(*sorted[2]), kThere);
  writes.clear();
  EXPECT_TRUE(writes.empty());
}

}  // namespace
}  // namespace baedal::store::lmdb
