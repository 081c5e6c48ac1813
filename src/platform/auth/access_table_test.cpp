#include "platform/auth/access_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace baedal::auth {
namespace {

using http::Method;
using ::testing::HasSubstr;

constexpr std::string_view kDocument = R"(
paths:
  /things:
    get: {x-roles: anyone}
    post: {x-roles: [merchant, operator]}
  /things/{id}:
    parameters: [{name: id}]
    get: {x-roles: [customer]}
    head: {x-roles: anyone}
  /things/search:
    get: {x-roles: [operator]}
)";

TEST(AccessTable, says_who_may_call_each_operation) {
  const auto table = AccessTable::parse(kDocument);
  ASSERT_TRUE(table) << table.error().detail;
  EXPECT_TRUE(table->find(Method::kGet, "/things")->anyone);
  EXPECT_TRUE(table->find(Method::kGet, "/things/")->anyone);
  const Rule* post = table->find(Method::kPost, "/things");
  EXPECT_FALSE(post->anyone);
  EXPECT_TRUE(post->roles.has("merchant") && post->roles.has(kOperator));
  EXPECT_FALSE(post->roles.has("customer"));
  EXPECT_TRUE(table->find(Method::kGet, "/things/7")->roles.has("customer"));
  EXPECT_TRUE(table->find(Method::kGet, "/things/search")->roles.has(kOperator));
}

TEST(AccessTable, head_goes_by_get_where_it_has_no_rule) {
  const auto table = AccessTable::parse(kDocument);
  EXPECT_TRUE(table->find(Method::kHead, "/things")->anyone);
  EXPECT_TRUE(table->find(Method::kHead, "/things/7")->anyone);
  EXPECT_TRUE(table->find(Method::kHead, "/things/search")->roles.has(kOperator));
}

TEST(AccessTable, other_spellings_of_a_path_are_the_same_path) {
  const auto table = AccessTable::parse(kDocument);
  EXPECT_TRUE(table->find(Method::kGet, "/%74hings/se%61rch")->roles.has(kOperator));
  EXPECT_TRUE(table->find(Method::kGet, "/things/%37/")->roles.has("customer"));
}

TEST(AccessTable, knows_nothing_of_what_the_document_does_not_have) {
  const auto table = AccessTable::parse(kDocument);
  EXPECT_EQ(table->find(Method::kDelete, "/things/7"), nullptr);
  EXPECT_EQ(table->find(Method::kGet, "/Things"), nullptr);
  EXPECT_EQ(table->find(Method::kGet, "//things"), nullptr);
  EXPECT_EQ(table->find(Method::kGet, "/things/%zz"), nullptr);
  EXPECT_EQ(table->find(Method::kGet, "*"), nullptr);
  EXPECT_EQ(table->find(Method::kGet, ""), nullptr);
}

TEST(AccessTable, refuses_a_document_that_leaves_something_open) {
  const auto why_not = [](std::string_view text) {
    const auto table = AccessTable::parse(text);
    return table ? "taken" : table.error().detail;
  };
  EXPECT_THAT(why_not("paths: {/a: {get: {summary: x}}}"), HasSubstr("get /a"));
  EXPECT_THAT(why_not("paths: {/a: {get: {x-roles: everybody}}}"), HasSubstr("get /a"));
  EXPECT_THAT(why_not("paths: {/a: {get: {x-roles: [[a]]}}}"), HasSubstr("get /a"));
  EXPECT_THAT(why_not("paths: {/a: {get: {x-roles: []}}}"), HasSubstr("get /a"));
  EXPECT_THAT(why_not("info: {}"), HasSubstr("no paths"));
  EXPECT_THAT(why_not("a: [b"), HasSubstr("cannot be read"));
}

}  // namespace
}  // namespace baedal::auth
