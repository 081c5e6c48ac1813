// JSON in and out: the seed's exact layout, and everything a hostile client may send.
#include <gtest/gtest.h>

#include <string>

#include "kernel/json/parse.hpp"
#include "kernel/json/writer.hpp"

namespace baedal::json {
namespace {

TEST(Writer, pretty_layout_is_the_seeds_byte_for_byte) {
  Writer w;
  w.begin_object().name("menuNm").string("Coffee").name("_links").begin_object();
  for (const char* rel : {"self", "menu"}) {
    w.name(rel).begin_object().name("href").string("http://menu:8080/menus/1").end_object();
  }
  w.end_object().end_object();
  const std::string text = w.take();
  EXPECT_EQ(text.size(), 172U);  // the size in the seed's siege log
  EXPECT_EQ(text,
            "{\n  \"menuNm\" : \"Coffee\",\n  \"_links\" : {\n    \"self\" : {\n"
            "      \"href\" : \"http://menu:8080/menus/1\"\n    },\n    \"menu\" : {\n"
            "      \"href\" : \"http://menu:8080/menus/1\"\n    }\n  }\n}");
}

TEST(Writer, arrays_of_objects_and_empty_ones) {
  Writer w;
  w.begin_object().name("a").begin_array().begin_object().name("x").integer(1).end_object();
  w.begin_object().name("x").integer(2).end_object().end_array();
  w.name("b").begin_array().end_array().name("c").begin_object().end_object().end_object();
  EXPECT_EQ(w.take(),
            "{\n  \"a\" : [ {\n    \"x\" : 1\n  }, {\n    \"x\" : 2\n  } ],\n  \"b\" : [ ],\n  "
            "\"c\" : { }\n}");
}

TEST(Writer, a_value_that_is_text_already_stands_among_others) {
  const std::string large(3000, '7');
  Writer w;
  w.begin_array().raw("{ }").integer(1).raw(large).end_array();
  EXPECT_EQ(w.take(), "[ { }, 1, " + large + " ]");
}

TEST(Writer, every_size_at_which_it_grows_has_room_for_what_comes_next) {
  for (std::size_t size = 400; size < 1100; ++size) {
    const std::string text(size, 'x');
    Writer w;
    w.begin_object().name("a").string(text).name("b").integer(1).name("c").begin_array();
    w.end_array().name("d").begin_object().name("e").null().end_object().end_object();
    EXPECT_EQ(w.take(),
              "{\n  \"a\" : \"" + text +
                  "\",\n  \"b\" : 1,\n  \"c\" : [ ],\n  \"d\" : {\n    \"e\" : null\n  }\n}");
  }
}

TEST(Writer, escapes_what_must_be_wherever_it_stands) {
  for (const std::string special : {"\"", "\\", "\n", "\x01", "\x1f"}) {
    for (std::size_t before = 0; before < 18; ++before) {
      for (std::size_t after = 0; after < 18; ++after) {
        const std::string text = std::string(before, 'x') + special + std::string(after, '\x7f');
        const std::string written = to_compact(Value{text});
        EXPECT_GT(written.size(), text.size() + 2);
        const auto read = parse(written);
        ASSERT_TRUE(read.has_value()) << written;
        EXPECT_EQ(*read->get<std::string>(), text);
        std::string appended = "<";
        append_string(appended, text);
        EXPECT_EQ(appended, "<" + written);
      }
    }
  }
  EXPECT_EQ(to_compact(Value{std::string{"\x02\x1f"}}), R"("\u0002\u001F")");
}

TEST(Writer, large_texts_and_deep_nesting_grow_in_place) {
  const std::string text(100'000, 'a');
  Value value{text + "\n"};
  for (int i = 0; i < 30; ++i) value = Array{value, Object{}};
  const std::string written = to_compact(value);
  EXPECT_EQ(written.size(), 30U * 5 + text.size() + 4);
  EXPECT_EQ(*parse(written), value);
}

TEST(Parse, reads_what_the_writer_writes) {
  const std::string text = R"({"s":"김밥 \"\\\n","i":-7,"d":1.5,"b":true,"n":null,"a":[1,[2],{}]})";
  const auto value = parse(text);
  ASSERT_TRUE(value.has_value());
  EXPECT_EQ(to_compact(*value), text);
}

TEST(Parse, refuses_every_malformed_text_with_a_position) {
  for (const std::string& bad :
       {std::string{""}, std::string{"{"}, std::string{"{\"a\":}"}, std::string{"[1,]"},
        std::string{"01"}, std::string{"{} x"}, std::string{"\"\xC0\x80\""},
        std::string{"\"\\ud800\""}, std::string{"nul"}, std::string{"{\"a\":1,\"a\":2}"},
        std::string(10'000, '['), std::string{"\"a\nb\""}}) {
    const auto value = parse(bad);
    ASSERT_FALSE(value.has_value()) << bad.substr(0, 40);
    EXPECT_EQ(value.error().kind, ErrorKind::kInvalid);
    EXPECT_NE(value.error().detail.find("at byte"), std::string::npos);
  }
}

TEST(Parse, bounds_the_number_of_values) {
  std::string text = "[0";
  for (int i = 0; i < 20'000; ++i) text += ",0";
  text += "]";
  EXPECT_FALSE(parse(text).has_value());
  EXPECT_TRUE(parse(text, {.depth_max = 2, .values_max = 30'000}).has_value());
}

TEST(Parse, integers_keep_their_value_and_huge_ones_become_doubles) {
  EXPECT_EQ(*parse("9223372036854775807")->get<std::int64_t>(), 9223372036854775807);
  EXPECT_NE(parse("18446744073709551615")->get<double>(), nullptr);
  EXPECT_FALSE(parse("1e400").has_value());
}

TEST(JsonParse, a_name_that_appears_twice_is_found_in_objects_of_any_size) {
  for (const int size : {2, 31, 32, 33, 34, 5000}) {
    std::string text = "{";
    for (int i = 0; i < size; ++i)
      text += "\"n" + std::to_string(i) + "\":" + std::to_string(i) + ",";
    EXPECT_TRUE(parse(text + "\"last\":[1]}")) << size;
    for (const int twice : {0, size / 2, size - 1}) {
      const auto result = parse(text + "\"n" + std::to_string(twice) + "\":[1]}");
      ASSERT_FALSE(result) << size;
      EXPECT_NE(result.error().detail.find("appears twice"), std::string::npos) << size;
    }
  }
}

}  // namespace
}  // namespace baedal::json
