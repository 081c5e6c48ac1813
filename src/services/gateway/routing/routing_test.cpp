// Path patterns and the choice of a route; the seed's own YAML.
#include <gtest/gtest.h>

#include "platform/clock/manual_clock.hpp"
#include "services/gateway/outbound/routes_file.hpp"
#include "services/gateway/routing/route.hpp"

namespace baedal::gateway {
namespace {

TEST(PathPattern, matches_as_the_seeds_gateway_does) {
  struct Case {
    const char* pattern;
    const char* path;
    bool matches;
  };
  const Case cases[] = {{"/orders/**", "/orders", true},
                        {"/orders/**", "/orders/", true},
                        {"/orders/**", "/orders/1", true},
                        {"/orders/**", "/orders/1/x", true},
                        {"/orders/**", "/ordersx", false},
                        {"/orders/**", "/", false},
                        {"/orders/{id}", "/orders/1", true},
                        {"/orders/{id}", "/orders/1/", true},
                        {"/orders/{id}", "/orders", false},
                        {"/orders/{id}", "/orders/1/2", false},
                        {"/a/b/{id}", "/a/b/1", true},
                        {"/a/b/{id}", "/a/bb/1", false},
                        {"/a/b/{id}", "/a/b", false},
                        {"/a//b", "/a//b", false},
                        {"/*/profile", "/a/profile", true},
                        {"/**", "/", true},
                        {"/", "/", true},
                        {"/", "/a", false},
                        {"/orders/{id}", "/orders//", false},
                        {"/orders", "orders", false}};
  for (const Case& c : cases) {
    const auto pattern = PathPattern::parse(c.pattern);
    ASSERT_TRUE(pattern) << c.pattern;
    EXPECT_EQ(pattern->matches(c.path), c.matches) << c.pattern << " " << c.path;
  }
}

TEST(PathPattern, refuses_what_it_would_match_wrongly) {
  EXPECT_FALSE(PathPattern::parse("orders"));
  EXPECT_FALSE(PathPattern::parse("/**/orders"));
  for (const char* more :
       {"/a/{id:[0-9]+}", "/a/{*rest}", "/a/b*", "/a/b?", "/a/{}", "/a/{b", "/x{y}"}) {
    EXPECT_FALSE(PathPattern::parse(more)) << more;
  }
}

/// Routes without filters that need more than a clock.
Result<RouteTable> parse(const std::string& yaml) {
  static const ManualClock clock{Timestamp{0}};
  return parse_routes(yaml, FilterTools{.clock = clock});
}

constexpr const char* kSeedRoutes = R"(spring:
  profiles: docker
  cloud:
    gateway:
      routes:
        - id: order
          uri: http://order:8080
          predicates:
            - Path=/orders/**
        - id: delivery
          uri: http://delivery:8080
          predicates:
            - Path=/deliveries/** 
        - id: mypage
          uri: http://mypage:8080
          predicates:
            - Path= /mypages/**
        - id: menu
          uri: http://menu:8080
          predicates:
            - Path=/menus/** 
)";

std::string route_of(const RouteTable& table, std::string_view path,
                     http::Method method = http::Method::kGet) {
  http::Request request;
  request.method = method;
  request.path = path;
  const Route* route = table.find(request);
  return route == nullptr ? "" : route->host;
}

TEST(Routes, the_seeds_yaml_loads_unchanged) {
  const auto table = parse(kSeedRoutes);
  ASSERT_TRUE(table) << table.error().detail;
  EXPECT_EQ(route_of(*table, "/orders/1"), "order");
  EXPECT_EQ(route_of(*table, "/deliveries"), "delivery");
  EXPECT_EQ(route_of(*table, "/mypages/search/findByOrderId"), "mypage");
  EXPECT_EQ(route_of(*table, "/menus/7"), "menu");
  EXPECT_EQ(route_of(*table, "/payments"), "");
}

TEST(Routes, the_defaults_load_and_know_every_service) {
  const auto table = parse(std::string{default_routes()});
  ASSERT_TRUE(table) << table.error().detail;
  for (const char* name : {"order", "menu", "payment"}) {
    EXPECT_EQ(route_of(*table, "/" + std::string{name} + "s/1"), name);
    EXPECT_EQ(route_of(*table, "/profile/" + std::string{name} + "s"), name);
  }
}

TEST(Routes, by_default_only_the_read_model_keeps_its_clients) {
  const auto table = parse(std::string{default_routes()});
  ASSERT_TRUE(table) << table.error().detail;
  for (const Route& route : table->routes()) {
    EXPECT_EQ(route.affinity, route.id == "mypage" ? Affinity::kClient : Affinity::kNone)
        << route.id;
  }
}

TEST(Routes, method_and_order_decide) {
  const auto table = parse(R"(
spring: {cloud: {gateway: {server: {webflux: {routes: [
  {id: any, uri: "http://a:1", order: 5, predicates: ["Path=/x/**"]},
  {id: writes, uri: "http://b:1", order: 1, predicates: ["Path=/x/**", "Method=POST,PUT"]}]}}}}})");
  ASSERT_TRUE(table) << table.error().detail;
  EXPECT_EQ(route_of(*table, "/x", http::Method::kGet), "a");
  EXPECT_EQ(route_of(*table, "/x", http::Method::kPost), "b");
}

TEST(Routes, what_is_not_understood_is_an_error_that_names_it) {
  const auto named = [](const char* route) {
    const auto table =
        parse("spring:\n  cloud:\n    gateway:\n      routes:\n        - " + std::string{route});
    return table ? std::string{"accepted"} : table.error().detail;
  };
  EXPECT_NE(named("{id: a, uri: 'http://a', predicates: [Moon=full]}").find("Moon"),
            std::string::npos);
  EXPECT_NE(named("{id: a, uri: 'http://a', filters: [Teleport=1]}").find("Teleport"),
            std::string::npos);
  EXPECT_NE(named("{id: a, uri: 'http://a', colour: red}").find("colour"), std::string::npos);
  EXPECT_NE(named("{id: a}").find("uri"), std::string::npos);
  EXPECT_NE(named("{id: a, uri: 'http://a', metadata: {affinity: moon}}").find("affinity"),
            std::string::npos);
  EXPECT_FALSE(parse("]["));
  EXPECT_FALSE(parse("a: 1"));
}

}  // namespace
}  // namespace baedal::gateway
