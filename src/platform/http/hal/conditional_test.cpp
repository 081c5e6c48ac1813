// If-Match and If-None-Match as RFC 9110 section 13 has them.
#include "platform/http/hal/conditional.hpp"

#include <gtest/gtest.h>

namespace baedal::http::hal {
namespace {

Request with(std::string_view name, std::vector<std::string_view> values) {
  Request request;
  for (const std::string_view value : values) request.headers.push_back({name, value});
  return request;
}

TEST(ETag, is_the_version_in_quotes) {
  EXPECT_EQ(etag(3), "\"3\"");
  EXPECT_EQ(etag(0), "\"0\"");
}

TEST(IfMatch, names_the_versions_that_will_do) {
  struct Case {
    std::vector<std::string_view> fields;
    bool allows_3, allows_4;
  };
  for (const auto& [fields, allows_3, allows_4] :
       {Case{{}, true, true}, Case{{"*"}, true, true}, Case{{" * "}, true, true},
        Case{{"\"3\""}, true, false}, Case{{"\"3\", \"4\""}, true, true},
        Case{{"\"3\"", "\"4\""}, true, true}, Case{{",, \"4\" ,"}, false, true},
        Case{{"W/\"3\""}, false, false}, Case{{"W/\"3\", \"4\""}, false, true},
        Case{{"\"other\""}, false, false}, Case{{"\"a,b\",\"3\""}, true, false}}) {
    const auto precondition = if_match(with("if-match", fields));
    ASSERT_TRUE(precondition);
    EXPECT_EQ(precondition->allows(3), allows_3) << testing::PrintToString(fields);
    EXPECT_EQ(precondition->allows(4), allows_4) << testing::PrintToString(fields);
  }
}

TEST(IfMatch, malformed_is_refused_rather_than_ignored) {
  for (const std::string_view field :
       {"3", "\"3", "3\"", "\"3\" \"4\"", "w/\"3\"", "", ",", "*, \"3\""}) {
    const auto precondition = if_match(with("If-Match", {field}));
    ASSERT_FALSE(precondition) << field;
    EXPECT_EQ(precondition.error().code, "malformed-if-match");
  }
}

TEST(IfNoneMatch, hits_weakly_in_lists_and_by_star) {
  for (const std::string_view field : {"\"3\"", "W/\"3\"", "*", "\"x\", \"3\"", "\"2\",W/\"3\""}) {
    EXPECT_TRUE(none_match_hits(with("If-None-Match", {field}), 3)) << field;
  }
  for (const std::string_view field : {"\"2\"", "\"33\"", "W/\"x\"", "3", "\"3", ""}) {
    EXPECT_FALSE(none_match_hits(with("If-None-Match", {field}), 3)) << field;
  }
  EXPECT_FALSE(none_match_hits(Request{}, 3));
}

}  // namespace
}  // namespace baedal::http::hal
