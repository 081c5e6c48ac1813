// Which proxies are believed, and what links are made of their word.
#include <gtest/gtest.h>

#include "platform/http/trusted_proxies.hpp"

namespace baedal::http {
namespace {

TEST(TrustedProxies, matches_networks_of_both_families) {
  const TrustedProxies proxies({"10.0.0.0/8", "192.168.1.7", "fd00::/9", "0.0.0.0/32"});
  for (const char* good : {"10.1.2.3", "192.168.1.7", "fd00::1", "::ffff:10.9.9.9"}) {
    EXPECT_TRUE(proxies.trusts(good)) << good;
  }
  for (const char* bad : {"11.0.0.1", "192.168.1.8", "fd80::1", "::1", "", "10.0.0", "127.0.0.1"}) {
    EXPECT_FALSE(proxies.trusts(bad)) << bad;
  }
  EXPECT_FALSE(TrustedProxies({}).trusts("10.1.2.3"));
}

TEST(ForwardedClient, is_the_last_address_that_is_no_proxy_of_ours) {
  const TrustedProxies proxies({"10.0.0.0/8"});
  const auto client_of = [&](std::vector<HeaderView> headers) {
    Request request;
    request.headers = std::move(headers);
    return std::string{forwarded_client(request, proxies)};
  };
  EXPECT_EQ(client_of({}), "");
  EXPECT_EQ(client_of({{"X-Forwarded-For", "192.0.2.1"}}), "192.0.2.1");
  EXPECT_EQ(client_of({{"X-Forwarded-For", "6.6.6.6, 192.0.2.1, 10.0.0.2"}}), "192.0.2.1");
  EXPECT_EQ(client_of({{"x-forwarded-for", "192.0.2.1:5555"}, {"X-Forwarded-For", "10.0.0.2"}}),
            "192.0.2.1");
  EXPECT_EQ(client_of({{"X-Forwarded-For", "[2001:db8::1]:5555,, 10.0.0.2"}}), "2001:db8::1");
  EXPECT_EQ(client_of({{"X-Forwarded-For", "2001:db8::1"}}), "2001:db8::1");
  EXPECT_EQ(client_of({{"X-Forwarded-For", "10.0.0.1, 10.0.0.2"}}), "10.0.0.1");
}

std::string base_of(std::vector<HeaderView> headers) {
  Request request;
  request.headers = std::move(headers);
  return forwarded_base(request, "http://own");
}

TEST(ForwardedBase, follows_the_forwarding_headers) {
  EXPECT_EQ(base_of({}), "http://own");
  EXPECT_EQ(base_of({{"X-Forwarded-Host", "shop.example"}, {"X-Forwarded-Proto", "https"}}),
            "https://shop.example");
  EXPECT_EQ(base_of({{"X-Forwarded-Host", "shop.example"},
                     {"X-Forwarded-Port", "8443"},
                     {"X-Forwarded-Proto", "https"}}),
            "https://shop.example:8443");
  EXPECT_EQ(base_of({{"X-Forwarded-Host", "a.example, b.example"}, {"X-Forwarded-Port", "80"}}),
            "http://a.example");
  EXPECT_EQ(base_of({{"X-Forwarded-Host", "a.example"}, {"X-Forwarded-Prefix", "/api/"}}),
            "http://a.example/api");
  EXPECT_EQ(base_of({{"Forwarded", "for=1.2.3.4;proto=https;host=\"gw:8080\""}}),
            "https://gw:8080");
}

TEST(ForwardedBase, ignores_what_is_no_host) {
  EXPECT_EQ(base_of({{"X-Forwarded-Host", "evil/<script>"}}), "http://own");
  EXPECT_EQ(base_of({{"X-Forwarded-Host", "a"}, {"X-Forwarded-Proto", "javascript"}}),
            "http://own");
  EXPECT_EQ(base_of({{"X-Forwarded-Host", "a"}, {"X-Forwarded-Prefix", "\"x"}}), "http://own");
}

}  // namespace
}  // namespace baedal::http
