// The door: who gets in, and how the others are told.
#include "platform/auth/guard.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kernel/async/manual_executor.hpp"
#include "platform/auth/me.hpp"
#include "platform/auth/testing/issuer.hpp"
#include "platform/clock/manual_clock.hpp"

namespace baedal::auth {
namespace {

using ::testing::HasSubstr;
using testing::Key;
using testing::key_set;

constexpr std::string_view kDocument = R"(
paths:
  /open: {get: {x-roles: anyone}}
  /orders: {get: {x-roles: [customer, operator]}}
)";

/// Keeps who came in.
class Inside final : public http::HttpHandler {
 public:
  Task<http::Response> handle(http::Request& request) override {
    subject = request.principal ? request.principal->subject : "?";
    co_return http::Response{.status = 204};
  }
  std::string subject = "-";
};

class GuardTest : public ::testing::Test {
 protected:
  std::string token(const std::string& role, std::int64_t lasts = 60) {
    return key_.token_of("k", R"({"iss":"i","aud":"a","sub":"kim","roles":[")" + role +
                                  R"("],"exp":)" + std::to_string(1'700'000'000 + lasts) + "}");
  }
  http::Response ask(std::string_view path, std::vector<http::HeaderView> headers,
                     http::Method method = http::Method::kGet) {
    inside_.subject = "-";
    http::Request request;
    request.method = method;
    request.target = request.path = path;
    request.headers = std::move(headers);
    return executor_.run(door_.handle(request));
  }
  http::Response with(std::string_view path, const std::string& authorization) {
    return ask(path, {{"authorization", authorization}});
  }
  static std::string challenge(const http::Response& response) {
    for (const http::Header& header : response.headers) {
      if (header.name == "WWW-Authenticate") return header.value;
    }
    return "";
  }

  ManualExecutor executor_;
  ManualClock clock_{Timestamp{1'700'000'000'000'000}};
  const Key key_ = Key::ed25519();
  Verifier verifier_{
      {{.issuer = "i",
        .audience = "a",
        .roles_claim = "roles",
        .keys = std::make_shared<FixedKeys>(KeySet::parse(key_set({key_.jwk("k")})).value())}},
      clock_,
      {}};
  const AccessTable table_ = AccessTable::parse(kDocument).value();
  Inside inside_;
  AccessFilter access_{inside_, table_};
  IdentityFilter door_{access_, verifier_};
};

TEST_F(GuardTest, lets_in_who_has_the_role) {
  EXPECT_EQ(with("/orders", "Bearer " + token("customer")).status, 204);
  EXPECT_EQ(inside_.subject, "kim");
  EXPECT_EQ(with("/orders", "bearer  " + token("operator")).status, 204);
}

TEST_F(GuardTest, anyone_may_do_what_is_open_but_not_with_a_bad_token) {
  EXPECT_EQ(ask("/open", {}).status, 204);
  EXPECT_EQ(inside_.subject, "") << "somebody, and not: everybody may do all";
  EXPECT_EQ(with("/open", "Bearer " + token("guest")).status, 204);
  EXPECT_EQ(with("/open", "Bearer " + token("customer", -60)).status, 401);
  EXPECT_EQ(inside_.subject, "-");
}

TEST_F(GuardTest, asks_for_a_token_where_one_is_needed) {
  const http::Response refused = ask("/orders", {});
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.content_type, "application/problem+json");
  EXPECT_EQ(challenge(refused), "Bearer realm=\"baedal\"");
  EXPECT_EQ(inside_.subject, "-");
}

TEST_F(GuardTest, says_why_a_token_is_not_taken_and_repeats_nothing_of_it) {
  const http::Response expired = with("/orders", "Bearer " + token("customer", -60));
  EXPECT_EQ(expired.status, 401);
  EXPECT_EQ(
      challenge(expired),
      "Bearer realm=\"baedal\", error=\"invalid_token\", error_description=\"token-expired\"");
  EXPECT_THAT(expired.body, HasSubstr("\"code\":\"token-expired\""));
  for (const char* bad : {"Bearer canary", "Basic canary", "canary", "Bearer", "Bearer ",
                          "Bearer canary.canary.canary", "Bearercanary"}) {
    const http::Response refused = with("/orders", bad);
    EXPECT_EQ(refused.status, 401) << bad;
    EXPECT_EQ(refused.body.find("canary"), std::string::npos);
    EXPECT_THAT(challenge(refused), HasSubstr("invalid_token"));
  }
}

TEST_F(GuardTest, forbids_what_is_for_other_roles) {
  const http::Response refused = with("/orders", "Bearer " + token("guest"));
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.content_type, "application/problem+json");
  EXPECT_THAT(challenge(refused), HasSubstr("insufficient_scope"));
  EXPECT_EQ(with("/orders", "Bearer " + token("")).status, 403);
  EXPECT_EQ(inside_.subject, "-");
}

TEST_F(GuardTest, what_the_table_does_not_know_is_for_whoever_says_who_they_are) {
  EXPECT_EQ(ask("/elsewhere", {}).status, 401);
  EXPECT_EQ(with("/elsewhere", "Bearer " + token("")).status, 204);
  EXPECT_EQ(ask("/open", {}, http::Method::kPost).status, 401);
  EXPECT_EQ(ask("/orders", {}, http::Method::kOptions).status, 204);
}

TEST_F(GuardTest, takes_one_authorization_and_no_more) {
  const std::string good = "Bearer " + token("customer");
  EXPECT_EQ(ask("/orders", {{"Authorization", good}, {"authorization", good}}).status, 401);
}

TEST_F(GuardTest, the_second_door_alone_lets_nobody_in_who_was_not_identified) {
  http::Request request;
  request.method = http::Method::kGet;
  request.target = request.path = "/orders";
  EXPECT_EQ(executor_.run(access_.handle(request)).status, 401);
}

TEST_F(GuardTest, me_tells_who_one_is_taken_for) {
  http::Router router;
  add_me_route(router);
  http::Request request;
  request.target = request.path = "/me";
  const auto me = [&] { return executor_.run(router.handle(request)).body; };
  EXPECT_EQ(me(), R"({"subject":null,"roles":[],"open":true})");
  request.principal = std::make_shared<const Principal>();
  EXPECT_EQ(me(), R"({"subject":null,"roles":[],"open":false})");
  Principal kim{.subject = "kim"};
  kim.roles.add("guest");
  request.principal = std::make_shared<const Principal>(kim);
  EXPECT_EQ(me(), R"({"subject":"kim","roles":["guest"],"open":false})");
}

}  // namespace
}  // namespace baedal::auth
