// Tokens of a login, and what a browser says of the page that asks.
#include "platform/auth/csrf.hpp"

#include <gtest/gtest.h>

namespace baedal::auth {
namespace {

TEST(CsrfTokens, are_of_one_login_and_one_key) {
  const CsrfTokens tokens{"key"};
  const std::string token = tokens.of("session");
  EXPECT_EQ(token.size(), 43U);
  EXPECT_EQ(token, CsrfTokens{"key"}.of("session"));
  EXPECT_TRUE(tokens.is_of("session", token));
  EXPECT_FALSE(tokens.is_of("another", token));
  EXPECT_FALSE(CsrfTokens{"other"}.is_of("session", token));
}

TEST(CsrfTokens, nothing_but_the_whole_token_will_do) {
  const CsrfTokens tokens{"key"};
  std::string token = tokens.of("session");
  EXPECT_FALSE(tokens.is_of("session", ""));
  EXPECT_FALSE(tokens.is_of("session", token + "A"));
  EXPECT_FALSE(tokens.is_of("session", token.substr(1)));
  for (std::size_t at = 0; at < token.size(); ++at) {
    std::string changed = token;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(tokens.is_of("session", changed)) << at;
  }
}

TEST(IsOfAnotherSite, goes_by_what_the_browser_says) {
  struct Case {
    std::string_view site;  ///< empty: not sent
    std::string_view origin;
    bool another;
  };
  constexpr Case kCases[] = {{"", "", false},
                             {"same-origin", "", false},
                             {"none", "", false},
                             {"same-site", "", true},
                             {"cross-site", "", true},
                             {"anything", "", true},
                             {"", "https://shop.example", false},
                             {"", "https://SHOP.example", false},
                             {"", "http://shop.example", true},
                             {"", "https://shop.example:8443", true},
                             {"", "https://evil.example", true},
                             {"", "null", true},
                             {"same-origin", "https://evil.example", false},
                             {"cross-site", "https://shop.example", true}};
  for (const auto& [site, origin, another] : kCases) {
    http::Request request;
    request.link_base = "https://shop.example";
    if (!site.empty()) request.headers.push_back({"sec-fetch-site", site});
    if (!origin.empty()) request.headers.push_back({"origin", origin});
    EXPECT_EQ(is_of_another_site(request), another) << site << " " << origin;
  }
}

}  // namespace
}  // namespace baedal::auth
