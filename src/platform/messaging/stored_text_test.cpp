#include "platform/messaging/stored_text.hpp"

#include <gtest/gtest.h>

#include "kernel/text.hpp"

namespace baedal::messaging {
namespace {

TEST(StoredText, a_text_stays_as_it_is) {
  for (const char* text : {"", "{\"menuNm\":\"김밥\"}", "hex:00"})
    EXPECT_EQ(to_stored_text(text), text);
}

TEST(StoredText, bytes_that_are_no_text_become_one_and_come_back) {
  const std::string marked = to_stored_text(std::string_view{"\0", 1});
  for (const std::string& bytes :
       {std::string(3, '\0'), std::string{"\xff\xfe ok"}, std::string{"\xED\xA0\x80"}, marked}) {
    const std::string text = to_stored_text(bytes);
    EXPECT_TRUE(utf8_length(text));
    EXPECT_EQ(text.find('\0'), std::string::npos);
    EXPECT_EQ(from_stored_text(text), bytes);
  }
}

TEST(StoredText, a_very_long_one_is_cut_for_an_index_and_still_its_own) {
  const std::string a(100'000, 'a');
  const std::string b = a + "b";
  EXPECT_LT(to_indexed_text(a).size(), 1'100U);
  EXPECT_NE(to_indexed_text(a), to_indexed_text(b));
  EXPECT_LT(to_indexed_text(std::string(5'000, '\xff')).size(), 2'100U);
  EXPECT_EQ(from_stored_text(to_indexed_text("key")), "key");
}

}  // namespace
}  // namespace baedal::messaging
