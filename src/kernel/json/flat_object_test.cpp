#include "kernel/json/flat_object.hpp"

#include <gtest/gtest.h>

#include <string>

#include "kernel/json/parse.hpp"

namespace baedal::json {
namespace {

TEST(FlatObject, gives_the_scalars_and_passes_over_what_is_nested) {
  const std::string text =
      R"({"id":7,"name":"김밥","price":1.5,"sold":false,"gone":null,"deep":{"id":8,"id":9},"list":[1,{"name":2}]})";
  const auto object = FlatObject::parse(text);
  ASSERT_TRUE(object.has_value());
  EXPECT_EQ(*object->find("id"), FlatObject::Scalar{std::int64_t{7}});
  EXPECT_EQ(*object->find("name"), FlatObject::Scalar{std::string_view{"김밥"}});
  EXPECT_EQ(*object->find("price"), FlatObject::Scalar{1.5});
  EXPECT_EQ(*object->find("sold"), FlatObject::Scalar{false});
  EXPECT_EQ(*object->find("gone"), FlatObject::Scalar{nullptr});
  EXPECT_EQ(object->find("deep"), nullptr);
  EXPECT_EQ(object->find("list"), nullptr);
  EXPECT_EQ(object->find("absent"), nullptr);
}

TEST(FlatObject, unescapes_names_and_texts_also_when_it_is_moved) {
  const std::string text = R"({"a\u0062":"line\nand \"quotes\"","c":"","d":"\\"})";
  auto parsed = FlatObject::parse(text);
  ASSERT_TRUE(parsed.has_value());
  const FlatObject object = std::move(*parsed);
  EXPECT_EQ(*object.find("ab"), FlatObject::Scalar{std::string_view{"line\nand \"quotes\""}});
  EXPECT_EQ(*object.find("c"), FlatObject::Scalar{std::string_view{}});
  EXPECT_EQ(*object.find("d"), FlatObject::Scalar{std::string_view{"\\"}});
}

TEST(FlatObject, texts_that_begin_with_an_escape_are_kept_each_for_itself) {
  const std::string text = R"({"\ta":"\"one\"","\tb":"\\two","\u0063":"\n","d":"\"four"})";
  const auto object = FlatObject::parse(text);
  ASSERT_TRUE(object.has_value());
  EXPECT_EQ(*object->find("\ta"), FlatObject::Scalar{std::string_view{"\"one\""}});
  EXPECT_EQ(*object->find("\tb"), FlatObject::Scalar{std::string_view{"\\two"}});
  EXPECT_EQ(*object->find("c"), FlatObject::Scalar{std::string_view{"\n"}});
  EXPECT_EQ(*object->find("d"), FlatObject::Scalar{std::string_view{"\"four"}});
}

TEST(FlatObject, more_members_than_usual_are_all_there) {
  std::string text = "{";
  for (int i = 0; i < 100; ++i) text += "\"m" + std::to_string(i) + "\":" + std::to_string(i) + ",";
  text.back() = '}';
  const auto object = FlatObject::parse(text);
  ASSERT_TRUE(object.has_value());
  EXPECT_EQ(*object->find("m99"), FlatObject::Scalar{std::int64_t{99}});
}

TEST(FlatObject, refuses_what_parse_refuses) {
  const std::string deep = "{\"a\":" + std::string(200, '[') + std::string(200, ']') + "}";
  for (const std::string& text :
       {std::string{""}, std::string{"{"}, std::string{"{\"a\":1"}, std::string{"{\"a\":1}x"},
        std::string{"{\"a\":1,\"a\":2}"}, std::string{"{\"a\":1e999}"}, std::string{"{\"a\":01}"},
        std::string{"{\"a\":\"\xff\"}"}, deep}) {
    EXPECT_FALSE(parse(text).has_value()) << text;
    EXPECT_FALSE(FlatObject::parse(text).has_value()) << text;
  }
  for (const char* no_object : {"[]", "[{\"a\":1}]", "1", "\"a\"", "null"}) {
    EXPECT_FALSE(FlatObject::parse(no_object).has_value()) << no_object;
  }
}

}  // namespace
}  // namespace baedal::json
