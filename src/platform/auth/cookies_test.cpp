// The cookies of a login among those of others.
#include "platform/auth/cookies.hpp"

#include <gtest/gtest.h>

namespace baedal::auth {
namespace {

http::Request with(std::vector<http::HeaderView> headers) {
  http::Request request;
  request.headers = std::move(headers);
  return request;
}

TEST(CookieOf, finds_a_cookie_wherever_it_stands) {
  for (const char* sent : {"__Host-baedal=abc", "a=1; __Host-baedal=abc", "__Host-baedal=abc; a=1",
                           "a;__Host-baedal = abc ;;b=", " __Host-baedal=abc"}) {
    EXPECT_EQ(cookie_of(with({{"cookie", sent}}), kSessionCookie), "abc") << sent;
  }
  EXPECT_EQ(cookie_of(with({{"Cookie", "a=1"}, {"Cookie", "__Host-baedal=abc"}}), kSessionCookie),
            "abc");
  EXPECT_EQ(cookie_of(with({{"Cookie", "__Host-baedal=a=b"}}), kSessionCookie), "a=b");
}

TEST(CookieOf, is_empty_for_another_or_for_two) {
  for (const char* sent :
       {"", ";", "=", "__Host-baedal", "__Host-baedal=", "__host-baedal=abc", "x__Host-baedal=abc",
        "__Host-baedal-refresh=abc", "__Host-baedal=abc; __Host-baedal=def"}) {
    EXPECT_EQ(cookie_of(with({{"Cookie", sent}}), kSessionCookie), "") << sent;
  }
  EXPECT_EQ(cookie_of(with({}), kSessionCookie), "");
  EXPECT_EQ(cookie_of(with({{"X-Cookie", "__Host-baedal=abc"}}), kSessionCookie), "");
}

TEST(WithoutLogin, takes_away_both_cookies_and_nothing_else) {
  EXPECT_EQ(without_login("__Host-baedal=a; __Host-baedal-refresh=b"), "");
  EXPECT_EQ(without_login("x=1; __Host-baedal=a; y=2;__Host-baedal-refresh=b; z"), "x=1; y=2; z");
  EXPECT_EQ(without_login("__Host-baedalx=1; baedal=2"), "__Host-baedalx=1; baedal=2");
  EXPECT_EQ(without_login(""), "");
}

TEST(SetCookie, is_only_for_this_host_over_tls_and_not_for_scripts) {
  EXPECT_EQ(set_cookie(kSessionCookie, "abc", std::chrono::minutes{10}),
            "__Host-baedal=abc; Path=/; Max-Age=600; Secure; HttpOnly; SameSite=Strict");
  EXPECT_EQ(set_cookie(kRefreshCookie, "", std::chrono::seconds{0}),
            "__Host-baedal-refresh=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Strict");
}

}  // namespace
}  // namespace baedal::auth
