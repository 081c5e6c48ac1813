// The short readings of usual objects against Boost.JSON's: whatever they take, it takes alike.
#include "kernel/json/usual_object.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "kernel/json/flat_object.hpp"
#include "kernel/json/parse.hpp"

namespace baedal::json {
namespace {

bool is_usual(std::string_view text) {
  UsualObject object(text);
  while (object.next()) {
  }
  return object.whole();
}

/// The same object within an array, which is always Boost.JSON's to read.
Result<Value> parse_by_boost(const std::string& text) { return parse("[" + text + "]"); }

void expect_alike(const std::string& text) {
  const auto parsed = parse(text);
  if (text.empty()) {
    EXPECT_FALSE(parsed);
    return;  // an empty array would be right
  }
  const auto by_boost = parse_by_boost(text);
  ASSERT_EQ(parsed.has_value(), by_boost.has_value()) << text;
  if (parsed) {
    EXPECT_EQ(*parsed, by_boost->get<Array>()->at(0)) << text;
  }
  const auto flat = FlatObject::parse(text);
  ASSERT_EQ(flat.has_value(), parsed && parsed->get<Object>() != nullptr) << text;
  if (!flat) return;
  for (const auto& [name, value] : *parsed->get<Object>()) {
    const auto* scalar = flat->find(name);
    if (const auto* number = value.get<std::int64_t>()) {
      EXPECT_EQ(*scalar, FlatObject::Scalar{*number}) << text;
    } else if (const auto* word = value.get<std::string>()) {
      EXPECT_EQ(*scalar, FlatObject::Scalar{std::string_view{*word}}) << text;
    }
  }
}

const std::string kOrder =
    R"({ "menuId": 12,"qty":-3,"name":"a b", "gift":true,"x":null , "y" :0})";

TEST(UsualObject, the_body_of_an_order_is_one) {
  EXPECT_TRUE(is_usual(kOrder));
  EXPECT_TRUE(is_usual(" {}\r\n"));
  expect_alike(kOrder);
  expect_alike(" {}\r\n");
}

TEST(UsualObject, what_is_less_plain_is_none_and_read_as_before) {
  for (const char* text : {"",
                           "{",
                           "[]",
                           "1",
                           "{}x",
                           "{,}",
                           R"({"a"})",
                           R"({"a":})",
                           R"({"a":1,})",
                           R"({"a":1 "b":2})",
                           R"({"a":01})",
                           R"({"a":-0})",
                           R"({"a":-})",
                           R"({"a":+1})",
                           R"({"a":1.0})",
                           R"({"a":1e2})",
                           R"({"a":1234567890123456789})",
                           R"({"a":9223372036854775808})",
                           R"({"a":"\n"})",
                           R"({"a":"김밥"})",
                           "{\"a\":\"\x7F\"}",
                           "{\"a\":\"\t\"}",
                           R"({"a":{}})",
                           R"({"a":[1]})",
                           R"({"a":truE})",
                           R"({"a":nul})",
                           R"({'a':1})",
                           R"({"a":1}})"}) {
    EXPECT_FALSE(is_usual(text)) << text;
    expect_alike(text);
  }
}

TEST(UsualObject, a_name_that_comes_twice_is_refused) {
  const auto parsed = parse(R"({"a":1,"b":2,"a":3})");
  ASSERT_FALSE(parsed);
  EXPECT_NE(parsed.error().detail.find("\"a\" appears twice"), std::string::npos);
  EXPECT_FALSE(FlatObject::parse(R"({"a":1,"b":2,"a":3})"));
}

TEST(UsualObject, every_byte_at_every_place_and_every_cut_reads_alike) {
  for (std::size_t at = 0; at < kOrder.size(); ++at) {
    expect_alike(kOrder.substr(0, at));
    for (int byte = 1; byte < 256; ++byte) {
      std::string text = kOrder;
      text[at] = static_cast<char>(byte);
      // Within an array a bracket may end it: then it is no longer one object.
      if (byte != ']' && byte != ',') expect_alike(text);
    }
  }
}

TEST(UsualObject, random_changes_read_alike) {
  std::mt19937_64 random(7);
  constexpr std::string_view kTelling = "{}\":0-19 \\nt.eE\n";
  for (int round = 0; round < 20'000; ++round) {
    std::string text = kOrder;
    for (std::uint64_t changes = 1 + random() % 4; changes > 0; --changes) {
      text[random() % text.size()] = kTelling[random() % kTelling.size()];
    }
    expect_alike(text);
  }
}

}  // namespace
}  // namespace baedal::json
