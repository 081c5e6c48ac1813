// Every filter, by what it makes of a request and of an answer.
#include "services/gateway/routing/routing_test_support.hpp"

namespace baedal::gateway {
namespace {

using namespace std::chrono_literals;
using http::header_of;

TEST_F(ToldGatewayTest, paths_are_rewritten) {
  struct Case {
    const char* filter;
    const char* sent;
    const char* passed;
  };
  const Case cases[] = {
      {"RewritePath=/red/?(?<segment>.*), /$\\{segment}", "/red/blue?a=b", "/blue?a=b"},
      {"RewritePath=/red/?(?<segment>.*), /$\\{segment}", "/green/blue", "/green/blue"},
      {"StripPrefix=1", "/name/blue/red", "/blue/red"},
      {"StripPrefix=2", "/name/blue/red?x", "/red?x"},
      {"StripPrefix=9", "/name/blue", "/"},
      {"PrefixPath=/mypath", "/hello?a", "/mypath/hello?a"},
      {"SetPath=/{first}s", "/order", "/orders"},
      {"StripPrefix=1', 'AddRequestParameter=was, {first}", "/red/blue", "/blue?was=red"},
      {"AddRequestParameter=red, blue", "/x", "/x?red=blue"},
      {"AddRequestParameter=red, blue", "/x?a=b", "/x?a=b&red=blue"},
      {"RemoveRequestParameter=red", "/x?red=1&a=b&red=2", "/x?a=b"},
      {"RemoveRequestParameter=red", "/x?red=1", "/x"},
  };
  for (const Case& c : cases) {
    use_filters("'" + std::string{c.filter} + "'");
    client_.get(c.sent);
    EXPECT_EQ(upstream_.target, c.passed) << c.filter;
    EXPECT_EQ(upstream_.path, upstream_.target.substr(0, upstream_.target.find('?')));
  }
}

TEST_F(ToldGatewayTest, what_strip_prefix_cuts_off_is_told_to_the_upstream) {
  use_filters("'StripPrefix=1'");
  client_.get("/shop/orders/1");
  EXPECT_EQ(upstream_.prefix, "/shop");
}

TEST_F(ToldGatewayTest, a_rewritten_path_cannot_break_the_request_line) {
  use_filters("'RewritePath=/x, /a b'");
  EXPECT_EQ(client_.get("/x").status, 400);
  EXPECT_EQ(upstream_.asked, 0);
}

TEST_F(ToldGatewayTest, request_headers_are_changed) {
  use_filters(
      "'AddRequestHeader=X-A, one-{first}', 'AddRequestHeader=X-A, two',"
      "'SetRequestHeader=X-B, new', 'RemoveRequestHeader=X-C'");
  client_.get("/seg/x", {{"X-B", "old"}, {"X-C", "gone"}});
  EXPECT_EQ(upstream_.header("X-A"), "one-seg|two");
  EXPECT_EQ(upstream_.header("X-B"), "new");
  EXPECT_EQ(upstream_.header("X-C"), "");
}

TEST_F(ToldGatewayTest, response_headers_are_changed) {
  use_filters(
      "'AddResponseHeader=X-A, 1', 'SetResponseHeader=X-B, new',"
      "'RemoveResponseHeader=X-C', 'SetStatus=202'");
  upstream_.response.with("X-B", "old").with("X-C", "gone");
  const http::Response answer = client_.get("/x");
  EXPECT_EQ(answer.status, 202);
  EXPECT_EQ(header_of(answer, "X-A"), "1");
  EXPECT_EQ(header_of(answer, "X-B"), "new");
  EXPECT_EQ(header_of(answer, "X-C"), "");
  EXPECT_EQ(answer.body, "told");
}

TEST_F(ToldGatewayTest, repeated_response_headers_are_made_one) {
  const auto values = [&](const char* filter) {
    use_filters("'" + std::string{filter} + "'");
    upstream_.response.headers = {{"V", "1"}, {"V", "2"}, {"V", "1"}};
    std::string all;
    for (const http::Header& header : client_.get("/x").headers) all += header.value;
    return all;
  };
  EXPECT_EQ(values("DedupeResponseHeader=V W"), "1");
  EXPECT_EQ(values("DedupeResponseHeader=V, RETAIN_LAST"), "1");
  EXPECT_EQ(values("DedupeResponseHeader=V, RETAIN_UNIQUE"), "12");
  EXPECT_EQ(values("DedupeResponseHeader=W"), "121");
}

TEST_F(ToldGatewayTest, a_location_names_the_host_the_client_knows) {
  use_filters("'RewriteLocationResponseHeader'");
  upstream_.response.with("Location", "http://order:8080/orders/4");
  EXPECT_EQ(header_of(client_.get("/x"), "Location"), "http://localhost:8080/orders/4");
  upstream_.response.headers = {{"Location", "/orders/4"}};
  EXPECT_EQ(header_of(client_.get("/x"), "Location"), "/orders/4");
}

TEST_F(ToldGatewayTest, redirects_and_secure_headers_need_no_more) {
  use_filters("'RedirectTo=302, https://acme.org'");
  const http::Response answer = client_.get("/x");
  EXPECT_EQ(answer.status, 302);
  EXPECT_EQ(header_of(answer, "Location"), "https://acme.org");
  EXPECT_EQ(upstream_.asked, 0);
  use_filters("'SecureHeaders'");
  upstream_.response.with("X-Frame-Options", "SAMEORIGIN");
  EXPECT_EQ(header_of(client_.get("/x"), "X-Frame-Options"), "SAMEORIGIN");
  EXPECT_EQ(header_of(client_.get("/x"), "X-Content-Type-Options"), "nosniff");
}

TEST_F(ToldGatewayTest, what_is_too_large_is_refused) {
  use_filters("'RequestSize=4B', 'RequestHeaderSize=64B'");
  EXPECT_EQ(client_.post("/x", "1234").status, 200);
  EXPECT_EQ(client_.post("/x", "12345").status, 413);
  EXPECT_EQ(client_.get("/x", {{"X-Long", std::string(64, 'x')}}).status, 431);
  EXPECT_EQ(upstream_.asked, 1);
}

TEST_F(ToldGatewayTest, a_retry_tries_a_get_again_as_it_was) {
  use_filters("'Retry=2', 'AddRequestHeader=X-A, 1'");
  upstream_.statuses = {503, 500, 200};
  EXPECT_EQ(client_.get("/x").status, 200);
  EXPECT_EQ(upstream_.asked, 3);
  EXPECT_EQ(upstream_.header("X-A"), "1");
  upstream_.statuses = {503, 503, 503, 200};
  EXPECT_EQ(client_.get("/x").status, 503);
  upstream_.statuses = {503};
  EXPECT_EQ(client_.post("/x", "{}").status, 503);
  EXPECT_EQ(upstream_.asked, 7);
}

TEST_F(ToldGatewayTest, a_cache_answers_the_same_question_of_the_same_caller_for_a_while) {
  use_filters("'LocalResponseCache=10s, 1MB'");
  const auto asks = [&](const char* target, std::vector<http::Header> headers = {}) {
    const int before = upstream_.asked;
    EXPECT_EQ(client_.get(target, std::move(headers)).body, "told");
    return upstream_.asked > before;
  };
  EXPECT_TRUE(asks("/x?a"));
  EXPECT_FALSE(asks("/x?a"));
  clock_.advance(3s);
  EXPECT_EQ(header_of(client_.get("/x?a"), "Age"), "3");
  EXPECT_TRUE(asks("/x?b"));
  EXPECT_TRUE(asks("/x?a", {{"Authorization", "Bearer other"}}));
  EXPECT_TRUE(asks("/x?a", {{"Cookie", "s=1"}}));
  EXPECT_TRUE(asks("/x?a", {{"Accept", "text/plain"}}));
  EXPECT_TRUE(asks("/x?a", {{"Cache-Control", "no-cache"}}));
  EXPECT_TRUE(asks("/x?a", {{"If-None-Match", "\"1\""}}));
  client_.post("/x?a", "{}");
  EXPECT_FALSE(asks("/x?a"));
  clock_.advance(7s);
  EXPECT_TRUE(asks("/x?a"));
}

TEST_F(ToldGatewayTest, a_cache_keeps_only_what_may_be_kept) {
  use_filters("'LocalResponseCache'");
  for (const http::Header& header : {http::Header{"Cache-Control", "max-age=60, private"},
                                     {"Cache-Control", "no-store"},
                                     {"Set-Cookie", "s=1"},
                                     {"Vary", "*"},
                                     {"Vary", "Accept, X-Tenant"}}) {
    upstream_.response.headers = {header};
    client_.get("/x");
    const int before = upstream_.asked;
    client_.get("/x");
    EXPECT_EQ(upstream_.asked, before + 1) << header.name << header.value;
  }
  upstream_.response = {.status = 404};
  client_.get("/y");
  client_.get("/y");
  EXPECT_EQ(upstream_.asked, 12);
}

TEST_F(ToldGatewayTest, a_cache_forgets_the_oldest_when_it_is_full) {
  use_filters("'LocalResponseCache=1m, 2KB'");
  upstream_.response.body = std::string(600, 'b');
  for (const char* target : {"/a", "/b", "/c"}) client_.get(target);
  const int before = upstream_.asked;
  client_.get("/c");
  EXPECT_EQ(upstream_.asked, before);
  client_.get("/a");
  EXPECT_EQ(upstream_.asked, before + 1);
}

TEST_F(ToldGatewayTest, statuses_may_be_named) {
  use_filters("'SetStatus=BAD_REQUEST'");
  EXPECT_EQ(client_.get("/x").status, 400);
  use_filters("'RedirectTo=SEE_OTHER, /y'");
  EXPECT_EQ(client_.get("/x").status, 303);
  use_filters("{name: Retry, args: {retries: 1, series: [CLIENT_ERROR, REDIRECTION]}}");
  upstream_.asked = 0;
  upstream_.statuses = {404, 302};
  client_.get("/x");
  upstream_.statuses = {503, 200};
  EXPECT_EQ(client_.get("/x").status, 503);
  EXPECT_EQ(upstream_.asked, 3);
}

TEST_F(ToldGatewayTest, a_retry_takes_springs_short_form) {
  use_filters("'Retry=3,INTERNAL_SERVER_ERROR,POST,10ms,50ms,2,false'");
  upstream_.statuses = {500, 500, 200};
  EXPECT_EQ(client_.post("/x", "{}").status, 200);
  EXPECT_EQ(upstream_.asked, 3);
}

TEST_F(ToldGatewayTest, a_circuit_breaker_opens_and_falls_back) {
  use("{id: a, uri: 'http://a', predicates: ['Path=/orders/**'], filters: [{name: CircuitBreaker, "
      "args: {name: cb, fallbackUri: 'forward:/fallback'}}]}");
  upstream_.response.status = 503;
  upstream_.failure = "not connected";
  for (int i = 0; i < 3; ++i) EXPECT_EQ(client_.get("/orders/1").body, "from the fallback");
  EXPECT_EQ(upstream_.asked, 2);
  EXPECT_EQ(breakers_["cb"]->state(), resilience::CircuitState::kOpen);
  upstream_.failure = {};
  upstream_.response.status = 200;
  clock_.advance(60s);
  EXPECT_EQ(client_.get("/orders/1").body, "told");
  EXPECT_EQ(upstream_.options.response_timeout, 1s);
}

TEST_F(ToldGatewayTest, an_open_breaker_without_fallback_is_503) {
  use_filters("'CircuitBreaker=cb'");
  breakers_["cb"]->transition_to(resilience::CircuitState::kForcedOpen);
  const http::Response answer = client_.get("/x");
  EXPECT_EQ(answer.status, 503);
  EXPECT_NE(header_of(answer, "Retry-After"), "");
  EXPECT_EQ(upstream_.asked, 0);
}

TEST_F(ToldGatewayTest, named_statuses_count_as_failures) {
  use_filters("{name: CircuitBreaker, args: {name: cb, statusCodes: [500, NOT_FOUND]}}");
  upstream_.statuses = {404, 500};
  EXPECT_EQ(client_.get("/x").status, 404);
  EXPECT_EQ(client_.get("/x").status, 500);
  EXPECT_EQ(breakers_["cb"]->state(), resilience::CircuitState::kOpen);
}

TEST_F(ToldGatewayTest, a_fallback_hears_why_it_is_asked) {
  use("{id: a, uri: 'http://a', predicates: ['Path=/orders/**'], filters: [{name: CircuitBreaker, "
      "args: {name: cb, fallbackUri: 'forward:/elsewhere'}}]},"
      "{id: b, uri: 'http://b', predicates: ['Path=/elsewhere'], filters: ['FallbackHeaders']}");
  upstream_.statuses = {503, 200};
  upstream_.failure = "timed out";
  client_.get("/orders/1");
  EXPECT_EQ(upstream_.route_id, "b");
  EXPECT_EQ(upstream_.path, "/elsewhere");
  EXPECT_EQ(upstream_.header("Execution-Exception-Message"), "timed out");
}

TEST_F(ToldGatewayTest, a_rate_limit_lets_a_burst_pass_and_says_what_is_left) {
  use_filters(
      "{name: RequestRateLimiter, args: {redis-rate-limiter.replenishRate: 1, "
      "redis-rate-limiter.burstCapacity: 2, key-header: X-User}}");
  const std::vector<http::Header> kim = {{"X-User", "kim"}};
  EXPECT_EQ(header_of(client_.get("/x", kim), "X-RateLimit-Remaining"), "1");
  EXPECT_EQ(client_.get("/x", kim).status, 200);
  const http::Response refused = client_.get("/x", kim);
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.content_type, "application/problem+json");
  EXPECT_EQ(header_of(refused, "Retry-After"), "1");
  EXPECT_EQ(header_of(refused, "X-RateLimit-Remaining"), "0");
  EXPECT_EQ(header_of(refused, "X-RateLimit-Burst-Capacity"), "2");
  EXPECT_EQ(header_of(refused, "X-RateLimit-Replenish-Rate"), "1");
  EXPECT_EQ(header_of(refused, "X-RateLimit-Requested-Tokens"), "1");
  EXPECT_EQ(client_.get("/x").status, 403);
  clock_.advance(1s);
  EXPECT_EQ(client_.get("/x", kim).status, 200);
}

TEST_F(ToldGatewayTest, default_filters_come_first) {
  use("{id: a, uri: 'http://a', predicates: ['Path=/**'], filters: ['AddRequestHeader=X, 2']}",
      ", default-filters: ['AddRequestHeader=X, 1', 'PreserveHostHeader']");
  client_.get("/x");
  EXPECT_EQ(upstream_.header("X"), "1|2");
  EXPECT_TRUE(upstream_.options.preserve_host);
}

TEST_F(ToldGatewayTest, bad_filters_are_named) {
  const auto problem = [&](const std::string& filter) {
    const auto made =
        parse_routes("spring: {cloud: {gateway: {routes: [{id: a, uri: 'http://a', filters: [" +
                         filter + "]}]}}}",
                     tools());
    return made ? std::string{"accepted"} : made.error().detail;
  };
  for (const auto& [filter, word] : {std::pair{"Teleport", "Teleport"},
                                     {"StripPrefix=x", "parts"},
                                     {"SetStatus=99", "status"},
                                     {"'RewritePath=(, x'", "regular"},
                                     {"'AddRequestHeader=a'", "value"},
                                     {"'RedirectTo=200, /'", "status"},
                                     {"{name: Retry, args: {series: MOON}}", "MOON"},
                                     {"'CircuitBreaker=a, http://x'", "forward"},
                                     {"{name: StripPrefix, args: {colour: red}}", "colour"},
                                     {"'SetResponseHeader=Content-Length, 1'", "Content-Length"},
                                     {"'StripPrefix=1, 2'", "too many"}}) {
    EXPECT_NE(problem(filter).find(word), std::string::npos) << filter << ": " << problem(filter);
  }
}

TEST_F(ToldGatewayTest, a_route_to_nobody_is_503_and_no_route_404) {
  use("{id: a, uri: 'http://nobody', predicates: ['Path=/a']}");
  EXPECT_EQ(client_.get("/a").status, 503);
  EXPECT_EQ(client_.get("/b").status, 404);
}

}  // namespace
}  // namespace baedal::gateway
