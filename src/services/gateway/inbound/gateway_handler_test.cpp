// The single entry: which route a request takes, what is answered when there is none, and what the
// operator sees of the routes.
#include "services/gateway/inbound/gateway_handler.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/clock/manual_clock.hpp"
#include "platform/http/testing/hand_client.hpp"
#include "services/gateway/outbound/local_upstreams.hpp"
#include "services/gateway/outbound/routes_file.hpp"

namespace baedal::gateway {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// A service that says who it is and what it was asked.
class HandService final : public http::HttpHandler {
 public:
  explicit HandService(std::string name) : name_(std::move(name)) {}
  Task<http::Response> handle(http::Request& request) override {
    http::Response response{.status = 299, .content_type = "text/plain"};
    response.body = name_ + " " + std::string{request.method_text} + " " +
                    std::string{request.target} + " " + std::string{request.body};
    response.with("X-Seen", std::string{request.header("X-Sent").value_or("")});
    co_return response;
  }

 private:
  std::string name_;
};

constexpr const char* kRoutes = R"(
spring:
  cloud:
    gateway:
      routes:
        - {id: order, uri: "http://order:8080", predicates: ["Path=/orders/**"]}
        - {id: late, uri: "http://menu:8080", predicates: ["Path=/orders/**,/late/{id}"]}
        - {id: early, uri: "http://menu:8080", order: -1, predicates: ["Path=/orders/special"]}
        - {id: writes, uri: "lb://menu", order: 3,
           predicates: ["Path=/things/**", "Method=POST,DELETE"]}
        - {id: gone, uri: "http://10.1.2.3:8080", predicates: ["Path=/gone/**"]}
        - {id: purge, uri: "http://menu:8080", order: 9, predicates: ["Method=DELETE"]}
)";

class GatewayTest : public ::testing::Test {
 protected:
  GatewayTest() {
    upstreams_.add("order", order_);
    upstreams_.add("menu", menu_);
    own_.add(http::Method::kGet, "/actuator/health", [](http::Request&) -> Task<http::Response> {
      co_return http::Response{.body = "UP"};
    });
    gateway_.use(parse_routes(kRoutes, FilterTools{.clock = clock_}).value());
    gateway_.add_management_routes(own_, [] { return Result<RouteTable>{RouteTable{}}; });
  }

  ManualExecutor executor_;
  HandService order_{"order"};
  HandService menu_{"menu"};
  LocalUpstreams upstreams_{1024 * 1024};
  http::Router own_;
  ManualClock clock_{Timestamp{0}};
  GatewayHandler gateway_{upstreams_, own_};
  http::HandClient client_{gateway_, executor_};
};

TEST_F(GatewayTest, the_request_and_the_answer_pass_as_they_are) {
  const http::Response answer = client_.post("/orders?a=b", "{}", {{"X-Sent", "yes"}});
  EXPECT_EQ(answer.status, 299);
  EXPECT_EQ(answer.content_type, "text/plain");
  EXPECT_EQ(answer.body, "order POST /orders?a=b {}");
  EXPECT_EQ(http::header_of(answer, "X-Seen"), "yes");
}

TEST_F(GatewayTest, the_first_route_that_matches_wins_by_order_then_as_written) {
  EXPECT_EQ(client_.get("/orders/1").body, "order GET /orders/1 ");
  EXPECT_EQ(client_.get("/orders/special").body, "menu GET /orders/special ");
  EXPECT_EQ(client_.get("/late/1").body, "menu GET /late/1 ");
  EXPECT_EQ(client_.post("/things", "{}").body, "menu POST /things {}");
  EXPECT_EQ(client_.erase("/anything").body, "menu DELETE /anything ");
}

TEST_F(GatewayTest, without_a_route_its_own_routes_answer_and_then_a_problem) {
  EXPECT_EQ(client_.get("/actuator/health").body, "UP");
  for (const char* path : {"/things", "/ordersx", "/", "/orders%2F1"}) {
    const http::Response missing = client_.get(path);
    EXPECT_EQ(missing.status, 404) << path;
    EXPECT_EQ(missing.content_type, "application/problem+json");
  }
}

TEST_F(GatewayTest, a_route_to_a_service_that_is_not_known_is_503_without_its_address) {
  const http::Response refused = client_.get("/gone/1");
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.content_type, "application/problem+json");
  EXPECT_EQ(http::header_of(refused, "Retry-After"), "1");
  EXPECT_THAT(refused.body, Not(HasSubstr("10.1.2.3")));
  EXPECT_THAT(refused.body, HasSubstr(R"("path":"/gone/1")"));
}

TEST_F(GatewayTest, shows_its_routes_as_spring_cloud_gateway_does_in_the_order_they_are_tried) {
  const http::Response routes = client_.get("/actuator/gateway/routes");
  EXPECT_EQ(routes.status, 200);
  EXPECT_EQ(routes.content_type, "application/json");
  const std::string expected =
      R"([{"predicate":"Paths: [/orders/special], match trailing slash: true",)"
      R"("route_id":"early","filters":[],"uri":"http://menu:8080","order":-1},)"
      R"({"predicate":"Paths: [/orders/**], match trailing slash: true",)"
      R"("route_id":"order","filters":[],"uri":"http://order:8080","order":0},)"
      R"({"predicate":"Paths: [/orders/**, /late/{id}], match trailing slash: true",)"
      R"("route_id":"late","filters":[],"uri":"http://menu:8080","order":0},)"
      R"({"predicate":"Paths: [/gone/**], match trailing slash: true",)"
      R"("route_id":"gone","filters":[],"uri":"http://10.1.2.3:8080","order":0},)"
      R"({"predicate":"(Paths: [/things/**], match trailing slash: true && )"
      R"json(Methods: [POST, DELETE])","route_id":"writes","filters":[],)json"
      R"("uri":"lb://menu","order":3},)"
      R"({"predicate":"Methods: [DELETE]",)"
      R"("route_id":"purge","filters":[],"uri":"http://menu:8080","order":9}])";
  EXPECT_EQ(routes.body, expected);
}

TEST_F(GatewayTest, shows_one_route_by_its_id) {
  EXPECT_EQ(client_.get("/actuator/gateway/routes/order").body,
            R"({"predicate":"Paths: [/orders/**], match trailing slash: true",)"
            R"("route_id":"order","filters":[],"uri":"http://order:8080","order":0})");
  EXPECT_EQ(client_.get("/actuator/gateway/routes/nobody").status, 404);
}

TEST_F(GatewayTest, shows_the_metadata_of_a_route_as_written) {
  constexpr const char* kWithMetadata = R"(
spring: {cloud: {gateway: {routes: [
  {id: a, uri: "http://menu", metadata: {response-timeout: 500, 'a"b': {c: [true, '7', x]}}}]}}}
)";
  gateway_.use(parse_routes(kWithMetadata, FilterTools{.clock = clock_}).value());
  EXPECT_EQ(client_.get("/actuator/gateway/routes/a").body,
            R"({"predicate":"","metadata":{"response-timeout":500,"a\"b":{"c":[true,"7","x"]}},)"
            R"("route_id":"a","filters":[],"uri":"http://menu","order":0})");
}

TEST(LocalUpstreams, are_found_by_the_host_of_the_route_alone) {
  HandService service{"order"};
  LocalUpstreams upstreams{1024 * 1024};
  upstreams.add("order", service);
  Route route{.id = "menu", .uri = "http://order:9999", .host = "order", .paths = {}};
  const auto found = upstreams.find(route);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(upstreams.find(route), found);
  route.host = "menu";
  EXPECT_EQ(upstreams.find(route), nullptr);
}

}  // namespace
}  // namespace baedal::gateway
