// The cookie of a login says who asks, for a page of this server and for no other.
#include "platform/auth/session_filter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kernel/async/manual_executor.hpp"
#include "platform/auth/cookies.hpp"
#include "platform/auth/guard.hpp"
#include "platform/auth/me.hpp"
#include "platform/auth/own_issuer.hpp"
#include "platform/clock/manual_clock.hpp"

namespace baedal::auth {
namespace {

using ::testing::HasSubstr;

/// Keeps who came in, and with which headers.
class Inside final : public http::HttpHandler {
 public:
  Task<http::Response> handle(http::Request& request) override {
    came = true;
    subject = request.principal->subject;
    cookie = request.header_list("Cookie").value_or("-");
    authorization = request.header("Authorization").value_or("-");
    co_return http::Response{.status = 204};
  }
  bool came = false;
  std::string subject;
  std::string cookie;
  std::string authorization;
};

class SessionFilterTest : public ::testing::Test {
 protected:
  std::string token_of(const std::string& subject, const std::string& session) {
    return issuer_.issue({.subject = subject, .roles = {"customer"}, .session = session},
                         std::chrono::seconds{600});
  }
  http::Response ask(http::Method method, std::vector<http::HeaderView> headers,
                     std::string_view path = "/orders") {
    inside_ = {};
    http::Request request;
    request.method = method;
    request.target = request.path = path;
    request.link_base = "https://shop.example";
    request.headers = std::move(headers);
    const std::size_t before = request.headers.size();
    http::Response response = executor_.run(door_.handle(request));
    EXPECT_EQ(request.headers.size(), before) << "the request is given back as it came";
    return response;
  }

  ManualExecutor executor_;
  ManualClock clock_{Timestamp{1'700'000'000'000'000}};
  const OwnIssuer issuer_{SigningKey::draw(), "baedal", clock_};
  const CsrfTokens csrf_{issuer_.secret_for("csrf")};
  Verifier verifier_{{issuer_.trust()}, clock_, {}};
  Inside inside_;
  IdentityFilter identity_{inside_, verifier_};
  SessionFilter door_{identity_, verifier_, csrf_};
  const std::string cookie_ = std::string{kSessionCookie} + "=" + token_of("kim", "s1");
  const std::string right_ = csrf_.of("s1");
};

TEST_F(SessionFilterTest, a_cookie_becomes_a_bearer_token_and_goes_no_further) {
  const std::string sent = "a=1; " + cookie_ + "; __Host-baedal-refresh=r; b=2";
  EXPECT_EQ(ask(http::Method::kGet, {{"Cookie", sent}}).status, 204);
  EXPECT_EQ(inside_.subject, "kim");
  EXPECT_EQ(inside_.cookie, "a=1; b=2");
  EXPECT_THAT(inside_.authorization, ::testing::StartsWith("Bearer ey"));
  ask(http::Method::kGet, {{"Cookie", cookie_}});
  EXPECT_EQ(inside_.cookie, "-");
}

TEST_F(SessionFilterTest, requests_without_such_a_cookie_pass_untouched) {
  ask(http::Method::kPost, {{"Cookie", "a=1"}});
  EXPECT_EQ(inside_.subject, "");
  EXPECT_EQ(inside_.cookie, "a=1");
  const std::string bearer = "Bearer " + token_of("lee", "");
  ask(http::Method::kPost, {{"Authorization", bearer}});
  EXPECT_EQ(inside_.subject, "lee") << "who has a token needs nothing else";
}

TEST_F(SessionFilterTest, what_changes_something_needs_the_token_of_the_login) {
  using enum http::Method;
  for (const http::Method method : {kPost, kPut, kPatch, kDelete, kOther}) {
    const http::Response refused = ask(method, {{"Cookie", cookie_}});
    EXPECT_EQ(refused.status, 403);
    EXPECT_THAT(refused.body, HasSubstr("\"code\":\"csrf\""));
    EXPECT_FALSE(inside_.came);
    EXPECT_EQ(ask(method, {{"Cookie", cookie_}, {"x-csrf-token", right_}}).status, 204);
    EXPECT_EQ(inside_.subject, "kim");
    const std::string others = csrf_.of("s2");
    EXPECT_EQ(ask(method, {{"Cookie", cookie_}, {"X-CSRF-Token", others}}).status, 403);
  }
  for (const http::Method method : {kGet, kHead, kOptions}) {
    EXPECT_EQ(ask(method, {{"Cookie", cookie_}}).status, 204);
  }
}

TEST_F(SessionFilterTest, another_sites_page_changes_nothing_even_with_the_token) {
  const auto post = [&](std::string_view name, std::string_view value) {
    return ask(http::Method::kPost, {{"Cookie", cookie_}, {kCsrfHeader, right_}, {name, value}})
        .status;
  };
  EXPECT_EQ(post("Sec-Fetch-Site", "cross-site"), 403);
  EXPECT_EQ(post("Sec-Fetch-Site", "same-site"), 403);
  EXPECT_EQ(post("Origin", "https://evil.example"), 403);
  EXPECT_EQ(post("Origin", "https://shop.example"), 204);
}

TEST_F(SessionFilterTest, a_cookie_that_is_not_taken_is_as_none) {
  const auto came_as = [&](const std::string& value) {
    const std::string cookie = std::string{kSessionCookie} + "=" + value;
    EXPECT_EQ(ask(http::Method::kPost, {{"Cookie", cookie}}).status, 204);
    EXPECT_EQ(inside_.cookie, "-");
    return inside_.subject;
  };
  EXPECT_EQ(came_as("x.y.z"), "");
  EXPECT_EQ(came_as(""), "");
  EXPECT_EQ(came_as(token_of("kim", "")), "") << "a token of no login is for Authorization";
  const std::string expired = token_of("kim", "s1");
  clock_.advance(std::chrono::minutes{11});
  EXPECT_EQ(came_as(expired), "");
}

TEST_F(SessionFilterTest, authorization_goes_before_the_cookie) {
  const std::string bearer = "Bearer " + token_of("lee", "");
  EXPECT_EQ(ask(http::Method::kPost, {{"Cookie", cookie_}, {"Authorization", bearer}}).status, 204);
  EXPECT_EQ(inside_.subject, "lee");
  EXPECT_EQ(ask(http::Method::kPost, {{"Cookie", cookie_}, {"Authorization", "x"}}).status, 401);
}

TEST_F(SessionFilterTest, only_the_paths_of_the_login_itself_see_the_cookies) {
  for (const char* path : {"/login", "/refresh", "/logout", "/refresh/"}) {
    EXPECT_EQ(ask(http::Method::kPost, {{"Cookie", cookie_}}, path).status, 204);
    EXPECT_EQ(inside_.cookie, cookie_) << path;
    EXPECT_EQ(inside_.subject, "") << path;
  }
  for (const char* path : {"/logins", "/refresh/x", "/me"}) {
    ask(http::Method::kGet, {{"Cookie", cookie_}}, path);
    EXPECT_EQ(inside_.cookie, "-") << path;
  }
}

TEST_F(SessionFilterTest, me_gives_the_page_its_token_and_tells_of_logins) {
  http::Router router;
  add_me_route(router, &csrf_);
  http::Request request;
  request.target = request.path = "/me";
  const auto me = [&] { return executor_.run(router.handle(request)).body; };
  request.principal = std::make_shared<const Principal>();
  EXPECT_EQ(me(), R"({"subject":null,"roles":[],"open":false,"login":true})");
  request.principal = std::make_shared<const Principal>(Principal{.subject = "kim"});
  EXPECT_EQ(me(), R"({"subject":"kim","roles":[],"open":false,"login":true})");
  request.principal =
      std::make_shared<const Principal>(Principal{.subject = "kim", .session = "s1"});
  EXPECT_EQ(me(), R"({"subject":"kim","roles":[],"open":false,"login":true,"csrfToken":")" +
                      right_ + "\"}");
}

}  // namespace
}  // namespace baedal::auth
