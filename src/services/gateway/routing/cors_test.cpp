// What pages of other origins may do, by the globalcors of the routes file.
#include "services/gateway/routing/cors.hpp"

#include "services/gateway/routing/routing_test_support.hpp"

namespace baedal::gateway {
namespace {

using http::header_of;
using http::Method;

constexpr const char* kShop = "https://shop.example.com";

class CorsTest : public ToldGatewayTest {
 protected:
  /// One route to everything but /nobody, whose service is not there, and these configurations.
  void use_cors(const std::string& configurations) {
    use("{id: n, uri: 'http://nobody', predicates: ['Path=/nobody']},"
        "{id: a, uri: 'http://a', predicates: ['Path=/things/**']}",
        ", globalcors: {cors-configurations: {" + configurations + "}}");
  }
  http::Response get(const std::string& origin, const std::string& path = "/things") {
    return client_.get(path, {{"Origin", origin}});
  }
  http::Response preflight(const std::string& origin, const std::string& method,
                           const std::string& headers = "", const std::string& path = "/things") {
    return client_.send(Method::kOptions, path, {},
                        {{"Origin", origin},
                         {"Access-Control-Request-Method", method},
                         {"Access-Control-Request-Headers", headers}});
  }
  static std::string allowed_origin(const http::Response& answer) {
    return header_of(answer, "Access-Control-Allow-Origin");
  }
};

constexpr const char* kOneShop =
    "'[/**]': {allowedOrigins: ['https://shop.example.com/'], allowedMethods: [GET, POST],"
    " allowed-headers: 'content-type, x-kind', exposedHeaders: [ETag, X-Name],"
    " allowCredentials: true, maxAge: 600}";

TEST_F(CorsTest, a_preflight_is_answered_by_the_gateway) {
  use_cors(kOneShop);
  const auto answer = preflight(kShop, "POST", "Content-Type, X-Kind");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "");
  EXPECT_EQ(allowed_origin(answer), kShop);
  EXPECT_EQ(header_of(answer, "Access-Control-Allow-Credentials"), "true");
  EXPECT_EQ(header_of(answer, "Access-Control-Allow-Methods"), "GET,POST");
  EXPECT_EQ(header_of(answer, "Access-Control-Allow-Headers"), "Content-Type, X-Kind");
  EXPECT_EQ(header_of(answer, "Access-Control-Max-Age"), "600");
  EXPECT_EQ(header_of(answer, "Vary"),
            "Origin, Access-Control-Request-Method, Access-Control-Request-Headers");
  EXPECT_EQ(upstream_.asked, 0);
}

TEST_F(CorsTest, an_origin_a_method_or_a_header_that_is_not_named_is_403) {
  use_cors(kOneShop);
  for (const auto& refused :
       {preflight("https://else.example.com", "GET"), preflight("null", "GET"),
        preflight(kShop, "DELETE"), preflight(kShop, "GET", "x-kind, x-other"),
        get("https://else.example.com"), get("http://shop.example.com"),
        client_.erase("/things", {{"Origin", kShop}})}) {
    EXPECT_EQ(refused.status, 403);
    EXPECT_EQ(refused.content_type, "application/problem+json");
    EXPECT_EQ(allowed_origin(refused), "");
    EXPECT_TRUE(header_of(refused, "Vary").starts_with("Origin"));
  }
  EXPECT_EQ(upstream_.asked, 0);
}

TEST_F(CorsTest, the_answer_to_an_allowed_origin_says_so_and_what_the_service_says_is_replaced) {
  use_cors(kOneShop);
  upstream_.response.headers = {{"access-control-allow-origin", "*"}, {"Vary", "Accept"}};
  const auto answer = get(kShop);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "told");
  EXPECT_EQ(allowed_origin(answer), kShop);
  EXPECT_EQ(header_of(answer, "Access-Control-Allow-Credentials"), "true");
  EXPECT_EQ(header_of(answer, "Access-Control-Expose-Headers"), "ETag, X-Name");
  EXPECT_EQ(header_of(answer, "Access-Control-Allow-Methods"), "");
  EXPECT_EQ(answer.headers.front().value, "Accept");
  EXPECT_EQ(answer.headers.back().value, "Origin");

  upstream_.response.headers = {{"Vary", "accept, origin"}};
  EXPECT_EQ(header_of(get(kShop), "Vary"), "accept, origin");
  EXPECT_NE(get(kShop).headers.back().name, "Vary");
}

TEST_F(CorsTest, errors_of_the_gateway_itself_can_be_read_as_well) {
  use_cors(kOneShop);
  for (const auto& [path, status] : {std::pair{"/nobody", 503}, std::pair{"/nothing", 404}}) {
    const auto answer = get(kShop, path);
    EXPECT_EQ(answer.status, status);
    EXPECT_EQ(allowed_origin(answer), kShop);
  }
}

TEST_F(CorsTest, requests_that_are_not_cross_origin_pass_untouched) {
  use_cors("'[/**]': {allowedOrigins: ['https://shop.example.com']}");
  for (const auto& answer : {client_.get("/things"), get("http://localhost:8080"),
                             client_.post("/things", "{}", {{"Origin", "HTTP://LOCALHOST:8080"}}),
                             client_.send(Method::kOptions, "/things", {},
                                          {{"Access-Control-Request-Method", "GET"}})}) {
    EXPECT_EQ(answer.status, 200);
    EXPECT_TRUE(answer.headers.empty());
  }
  EXPECT_EQ(upstream_.asked, 4);
  EXPECT_EQ(get("http://localhost").status, 403);
}

TEST_F(CorsTest, the_first_configuration_for_the_path_decides_and_other_paths_pass) {
  use_cors(
      "'[/things/open/**]': {allowedOrigins: '*'},"
      "/things/**: {allowed-origins: 'https://shop.example.com'}");
  EXPECT_EQ(allowed_origin(get("https://a", "/things/open/1")), "*");
  EXPECT_EQ(get("https://a", "/things/1").status, 403);
  EXPECT_EQ(allowed_origin(get(kShop, "/things/1")), kShop);
  EXPECT_EQ(get("https://a", "/nothing").status, 404);
  EXPECT_EQ(preflight("https://a", "GET", "", "/nothing").status, 404);
}

TEST_F(CorsTest, unless_it_is_said_only_reading_is_allowed_and_no_header) {
  use_cors("'[/**]': {allowedOrigins: ['https://shop.example.com'], allowedMethods: }");
  EXPECT_EQ(preflight(kShop, "HEAD").status, 200);
  EXPECT_EQ(header_of(preflight(kShop, "GET"), "Access-Control-Allow-Methods"), "GET,HEAD");
  EXPECT_EQ(preflight(kShop, "POST").status, 403);
  EXPECT_EQ(preflight(kShop, "GET", "content-type").status, 403);
  EXPECT_EQ(header_of(preflight(kShop, "GET"), "Access-Control-Max-Age"), "");
  EXPECT_EQ(header_of(get(kShop), "Access-Control-Allow-Credentials"), "");
  use_cors("'[/**]': ");
  EXPECT_EQ(get(kShop).status, 403);
}

TEST_F(CorsTest, everyone_is_never_allowed_credentials_but_those_named_are) {
  for (const char* everyone : {"allowedOrigins: ['*', 'https://shop.example.com']",
                               "allowedOriginPatterns: ['*', 'https://shop.*.com']"}) {
    use_cors("'[/**]': {allowedMethods: '*', allowedHeaders: '*', allowCredentials: true, " +
             std::string{everyone} + "}");
    for (const auto& answer :
         {get("https://a"), preflight("https://a", "PATCH", "x-a"), get("null")}) {
      EXPECT_EQ(answer.status, 200);
      EXPECT_EQ(allowed_origin(answer), "*");
      EXPECT_EQ(header_of(answer, "Access-Control-Allow-Credentials"), "");
    }
    EXPECT_EQ(header_of(preflight("https://a", "PATCH"), "Access-Control-Allow-Methods"), "PATCH");
    EXPECT_EQ(allowed_origin(get(kShop)), kShop);
    EXPECT_EQ(header_of(get(kShop), "Access-Control-Allow-Credentials"), "true");
  }
}

TEST_F(CorsTest, patterns_of_origins_are_springs) {
  struct Case {
    const char* pattern;
    const char* origin;
    bool allowed;
  };
  const Case cases[] = {
      {"https://*.example.com", "https://shop.example.com", true},
      {"https://*.EXAMPLE.com", "https://Shop.Example.com", true},
      {"https://*.example.com", "https://example.com", false},
      {"https://*.example.com", "https://shop.example.com:8080", false},
      {"https://*.example.com", "https://shop.example.com.evil.net", false},
      {"https://*.example.com", "https://shopXexample.com", false},
      {"https://*.example.com", "http://shop.example.com", false},
      {"https://a.com:[8080,8443]", "https://a.com:8443", true},
      {"https://a.com:[8080,8443]", "https://a.com", false},
      {"https://a.com:[8080,8443]", "https://a.com:80800", false},
      {"https://a.com:[*]", "https://a.com", true},
      {"https://a.com:[*]", "https://a.com:1", true},
      {"https://a.com:[*]", "https://a.com:x", false},
  };
  for (const Case& c : cases) {
    use_cors("'[/**]': {allowedOriginPatterns: ['" + std::string{c.pattern} + "']}");
    EXPECT_EQ(get(c.origin).status, c.allowed ? 200 : 403) << c.pattern << " " << c.origin;
  }
  use_cors("'[/**]': {allowedOriginPatterns: ['https://*.a.com']}");
  EXPECT_EQ(get("https://" + std::string(100'000, '.') + ".a.com").status, 403);
}

TEST_F(CorsTest, the_operators_paths_are_closed_to_other_origins) {
  own_.add(Method::kGet, "/actuator/health", [](http::Request&) { return answer("UP"); });
  use_cors("'[/**]': {allowedOrigins: '*'}");
  const auto health = get(kShop, "/actuator/health");
  EXPECT_EQ(health.body, "UP");
  EXPECT_EQ(allowed_origin(health), "");
}

TEST_F(CorsTest, without_a_block_nothing_is_said_of_origins) {
  for (const char* block : {"", ", globalcors: {}", ", globalcors: {corsConfigurations: {}}"}) {
    use("{id: a, uri: 'http://a', predicates: ['Path=/things/**']}", block);
    EXPECT_TRUE(get(kShop).headers.empty());
    EXPECT_EQ(preflight(kShop, "GET").body, "told");
  }
}

TEST_F(CorsTest, a_mistake_is_named_with_its_line) {
  struct Case {
    const char* globalcors;
    const char* names;
  };
  const Case cases[] = {
      {"{corsConfiguration: {}}", "corsConfiguration"},
      {"{corsConfigurations: {'[/**]': {allowedOrigin: '*'}}}", "allowedOrigin"},
      {"{corsConfigurations: {'[**]': {}}}", "slash"},
      {"{corsConfigurations: {'[/**]': {allowedOrigins: ['https://*.a.com']}}}", "Patterns"},
      {"{corsConfigurations: {'[/**]': {allowedOrigins: [a.com]}}}", "a.com"},
      {"{corsConfigurations: {'[/**]': {allowedOrigins: {a: b}}}}", "list"},
      {"{corsConfigurations: {'[/**]': {allowedOriginPatterns: ['http://a:[x]']}}}", "ports"},
      {"{corsConfigurations: {'[/**]': {maxAge: long}}}", "maxAge"},
      {"{corsConfigurations: {'[/**]': {allowCredentials: perhaps}}}", "line 2"},
      {"{corsConfigurations: [a]}", "map"},
      {"[a]", "map"},
  };
  for (const Case& c : cases) {
    const auto table = parse_routes(
        "spring: {cloud: {gateway: {routes: [{id: a, uri: 'http://a'}],\n  globalcors: " +
            std::string{c.globalcors} + "}}}",
        tools());
    ASSERT_FALSE(table) << c.globalcors;
    EXPECT_NE(table.error().detail.find(c.names), std::string::npos) << table.error().detail;
    EXPECT_NE(table.error().detail.find("line 2"), std::string::npos) << table.error().detail;
  }
}

}  // namespace
}  // namespace baedal::gateway
