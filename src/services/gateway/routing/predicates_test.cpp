// Every predicate, by what it lets pass and what not, and how it describes itself.
#include "services/gateway/routing/routing_test_support.hpp"

namespace baedal::gateway {
namespace {

struct Asked {
  const char* predicate;
  const char* target;
  std::vector<http::Header> headers;
  bool matches;
};

TEST_F(ToldGatewayTest, predicates_look_at_every_part_of_a_request) {
  const std::vector<Asked> cases = {
      {"Header=X-Request-Id, \\d+", "/", {{"x-request-id", "12"}}, true},
      {"Header=X-Request-Id, \\d+", "/", {{"X-Request-Id", "12a"}}, false},
      {"Header=X-Request-Id", "/", {{"X-Request-Id", "12a"}}, true},
      {"Header=X-Request-Id", "/", {}, false},
      {"Cookie=chocolate, ch.p", "/", {{"Cookie", "a=b; chocolate=chip"}}, true},
      {"Cookie=chocolate, ch.p", "/", {{"Cookie", "chocolate=cheap"}}, false},
      {"Cookie=chocolate, ch.p", "/", {}, false},
      {"Query=green", "/?green=", {}, true},
      {"Query=green", "/?red=green", {}, false},
      {"Query=red, gree.", "/?red=green", {}, true},
      {"Query=red, gree.", "/?red=greet1", {}, false},
      {"Host=**.example.com,shop.org", "/", {{"Host", "a.b.example.com:8080"}}, true},
      {"Host=*.example.com", "/", {{"Host", "a.b.example.com"}}, false},
      {"Host={sub}.example.com", "/", {{"Host", "A.Example.com"}}, true},
      {"Host=**.example.com,shop.org", "/", {{"Host", "shop.org"}}, true},
      {"Host=**.example.com,shop.org", "/", {{"Host", "shop.org.evil"}}, false},
      {"After=2001-09-09T01:46:39Z", "/", {}, true},
      {"After=2001-09-09T01:46:41Z", "/", {}, false},
      {"Before=2001-09-09T01:46:41Z", "/", {}, true},
      {"Before=2017-01-20T17:42:47.789-07:00[America/Denver]", "/", {}, true},
      {"Before=2001-09-09T01:46:39Z", "/", {}, false},
      {"Between=2001-09-09T01:46:39Z, 2001-09-09T01:46:41Z", "/", {}, true},
      {"Between=2001-09-09T01:46:41Z, 2001-09-09T01:46:42Z", "/", {}, false},
      {"XForwardedRemoteAddr=10.0.0.0/8", "/", {{"X-Forwarded-For", "1.2.3.4, 10.9.8.7"}}, true},
      {"XForwardedRemoteAddr=10.0.0.0/8", "/", {{"X-Forwarded-For", "10.9.8.7, 1.2.3.4"}}, false},
      {"XForwardedRemoteAddr=10.0.0.0/8", "/", {}, false},
      {"RemoteAddr=10.0.0.0/8", "/", {}, false},
  };
  for (const Asked& asked : cases) {
    use("{id: a, uri: 'http://a', predicates: ['" + std::string{asked.predicate} + "']}");
    const int before = upstream_.asked;
    client_.get(asked.target, asked.headers);
    EXPECT_EQ(upstream_.asked > before, asked.matches) << asked.predicate << " " << asked.target;
  }
}

TEST_F(ToldGatewayTest, remote_addr_is_the_address_of_the_peer) {
  const auto predicate =
      make_predicate("RemoteAddr", Arguments::positional("10.0.0.0/8, ::1"), clock_);
  ASSERT_TRUE(predicate);
  http::Request request;
  for (const auto& [peer, matches] :
       {std::pair{"10.1.2.3", true}, {"11.1.2.3", false}, {"::1", true}, {"", false}}) {
    request.peer = peer;
    EXPECT_EQ((*predicate)->matches(request), matches) << peer;
  }
}

TEST_F(ToldGatewayTest, weights_share_a_group_out) {
  use("{id: new, uri: 'http://a', predicates: ['Path=/**', 'Weight=g, 2']},"
      "{id: old, uri: 'http://b', predicates: ['Path=/**', 'Weight=g, 8']}");
  for (const auto& [draw, id] :
       {std::pair{0.0, "new"}, {0.199, "new"}, {0.2, "old"}, {0.999, "old"}}) {
    draw_ = draw;
    client_.get("/x");
    EXPECT_EQ(upstream_.route_id, id) << draw;
  }
}

TEST_F(ToldGatewayTest, arguments_may_have_names) {
  use("{id: a, uri: 'http://a', predicates: [{name: Cookie, args: {name: c, regexp: 'x+'}}]}");
  client_.get("/", {{"Cookie", "c=xx"}});
  EXPECT_EQ(upstream_.asked, 1);
}

TEST_F(ToldGatewayTest, predicates_describe_themselves_as_spring_does) {
  use("{id: a, uri: 'http://a', predicates: ['Path=/x/**', 'Method=GET,POST', 'Query=q']}");
  http::Router router;
  handler_.add_management_routes(router, [] { return Result<RouteTable>{RouteTable{}}; });
  http::HandClient client{router, executor_};
  const std::string body = client.get("/actuator/gateway/routes").body;
  EXPECT_NE(body.find("((Paths: [/x/**], match trailing slash: true && Methods: [GET, POST]) && "
                      "Query: param=q regexp=null)"),
            std::string::npos)
      << body;
  EXPECT_NE(client.get("/actuator/gateway/routepredicates").body.find("\"Weight\":null"),
            std::string::npos);
  EXPECT_NE(client.get("/actuator/gateway/routefilters").body.find("\"StripPrefix\":null"),
            std::string::npos);
  EXPECT_EQ(client.get("/actuator/gateway/globalfilters").body, "{}");
}

TEST_F(ToldGatewayTest, a_refresh_takes_new_routes_and_refuses_bad_ones) {
  use("{id: a, uri: 'http://a', predicates: ['Path=/a']}");
  http::Router router;
  std::string yaml = "{id: b, uri: 'http://b', predicates: ['Path=/b']}";
  handler_.add_management_routes(router, [&] {
    return parse_routes("spring: {cloud: {gateway: {routes: [" + yaml + "]}}}", tools());
  });
  http::HandClient client{router, executor_};
  EXPECT_EQ(client.post("/actuator/gateway/refresh", "").status, 200);
  client_.get("/b");
  EXPECT_EQ(upstream_.route_id, "b");
  EXPECT_EQ(client_.get("/a").status, 404);
  yaml = "{id: b, uri: 'http://b', predicates: ['Moon=full']}";
  EXPECT_EQ(client.post("/actuator/gateway/refresh", "").status, 400);
  client_.get("/b");
  EXPECT_EQ(upstream_.asked, 2);
}

}  // namespace
}  // namespace baedal::gateway
