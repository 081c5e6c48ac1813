// What clients of the seed send and what becomes of it: the coercions, the bounds, the errors.
#include "platform/http/fields.hpp"

#include <gtest/gtest.h>

#include "kernel/json/parse.hpp"

namespace baedal::http {
namespace {

/// The member "x" of such a body.
json::Object body_of(const std::string& value) {
  const auto parsed = json::parse("{\"x\":" + value + "}");
  return *parsed.value().get<json::Object>();
}

TEST(FieldReader, integers_are_read_as_jackson_reads_them) {
  struct Case {
    const char* sent;
    std::optional<std::int64_t> value;
  };
  for (const auto& [sent, value] :
       {Case{"1", 1}, Case{"\"1\"", 1}, Case{"\" 42 \"", 42}, Case{"1.7", 1}, Case{"-0.9", 0},
        Case{"1e2", 100}, Case{"null", std::nullopt}, Case{"\"\"", std::nullopt},
        Case{"\"  \"", std::nullopt}, Case{"999", 999}, Case{"-999", -999}}) {
    const json::Object body = body_of(sent);
    FieldReader read(body);
    EXPECT_EQ(read.integer("x", -999, 999), value) << sent;
    EXPECT_TRUE(read.finish()) << sent;
  }
  for (const char* sent :
       {"\"abc\"", "\"1.7\"", "\"0x10\"", "\"+1\"", "true", "[]", "[1]", "{}", "1000", "-1000",
        "1e300", "9223372036854775808", "-1e19", "\"99999999999999999999\""}) {
    const json::Object body = body_of(sent);
    FieldReader read(body);
    EXPECT_EQ(read.integer("x", -999, 999), std::nullopt) << sent;
    EXPECT_FALSE(read.finish()) << sent;
  }
}

TEST(FieldReader, text_takes_scalars_and_counts_characters_not_bytes) {
  struct Case {
    const char* sent;
    const char* value;
  };
  for (const auto& [sent, value] :
       {Case{"\"abc\"", "abc"}, Case{"42", "42"}, Case{"1.5", "1.5"}, Case{"true", "true"},
        Case{"\"김밥집\"", "김밥집"}, Case{"\"🍙🍙🍙\"", "🍙🍙🍙"}}) {
    const json::Object body = body_of(sent);
    FieldReader read(body);
    EXPECT_EQ(read.text("x", 1, 4), value) << sent;
    EXPECT_TRUE(read.finish()) << sent;
  }
  for (const char* sent : {"\"\"", "\"abcde\"", "\"김밥집의집\"", "[]", "{}", "\"a\\u0000\"",
                           "\"a\\nb\"", "\"\\u007f\""}) {
    const json::Object body = body_of(sent);
    FieldReader read(body);
    EXPECT_EQ(read.text("x", 1, 4), std::nullopt) << sent;
    EXPECT_FALSE(read.finish()) << sent;
  }
}

TEST(FieldReader, booleans_may_be_words) {
  for (const auto& [sent, value] : {std::pair{"true", true}, std::pair{"false", false},
                                    std::pair{"\"true\"", true}, std::pair{"\"False\"", false}}) {
    const json::Object body = body_of(sent);
    FieldReader read(body);
    EXPECT_EQ(read.boolean("x"), value) << sent;
  }
  for (const char* sent : {"\"yes\"", "\"\"", "1", "[]", "{}"}) {
    const json::Object body = body_of(sent);
    FieldReader read(body);
    EXPECT_EQ(read.boolean("x"), std::nullopt);
    EXPECT_FALSE(read.finish()) << sent;
  }
}

TEST(FieldReader, absent_and_null_are_nothing_unless_required) {
  const json::Object body = body_of("null");
  FieldReader read(body);
  EXPECT_TRUE(read.has("x"));
  EXPECT_FALSE(read.has("y"));
  for (const char* name : {"x", "y"}) {
    EXPECT_EQ(read.integer(name, 0, 1), std::nullopt);
    EXPECT_EQ(read.text(name, 1, 1), std::nullopt);
    EXPECT_EQ(read.boolean(name), std::nullopt);
  }
  EXPECT_TRUE(read.finish());
  read.require("x");
  read.require("y");
  const auto refused = read.finish();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fields.size(), 2U);
}

TEST(FieldReader, one_answer_names_every_rejected_member_once) {
  const auto parsed = json::parse(R"({"a":"x","b":[1,2],"c":7})");
  FieldReader read(*parsed->get<json::Object>());
  read.integer("a", 1, 9);
  read.text("b", 1, 9);
  read.integer("c", 1, 5);
  read.reject("c", "must be prime");
  read.require("d");
  const auto refused = read.finish();
  ASSERT_FALSE(refused);
  const Error& error = refused.error();
  EXPECT_EQ(error.kind, ErrorKind::kInvalid);
  EXPECT_EQ(error.code, "invalid-fields");
  EXPECT_EQ(error.detail,
            "a must be a whole number; b must be text; c must be from 1 to 5; d must not be null.");
  ASSERT_EQ(error.fields.size(), 4U);
  EXPECT_EQ(error.fields[0].invalid_value, "\"x\"");
  EXPECT_EQ(error.fields[1].invalid_value, "[1,2]");
  EXPECT_EQ(error.fields[3].invalid_value, "");
}

TEST(FieldReader, a_secret_value_is_not_repeated_in_the_answer) {
  const json::Object body = body_of("[\"s3cret\"]");
  FieldReader read(body);
  read.keep_secret("x");
  read.text("x", 1, 9);
  EXPECT_EQ(read.finish().error().fields.at(0).invalid_value, "");
}

TEST(FieldReader, a_long_value_is_not_repeated_in_the_answer) {
  const json::Object body = body_of("\"" + std::string(500, 'x') + "\"");
  FieldReader read(body);
  read.integer("x", 0, 1);
  EXPECT_LT(read.finish().error().fields.at(0).invalid_value.size(), 100U);
}

}  // namespace
}  // namespace baedal::http
