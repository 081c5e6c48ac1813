// The operator's way to every process of the system: who is listed, what of them can be reached,
// and what is said when one does not answer. The network is a sender by hand.
#include "services/gateway/inbound/fleet.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "platform/clock/manual_clock.hpp"
#include "platform/http/body_stream.hpp"
#include "platform/http/testing/hand_client.hpp"
#include "services/gateway/outbound/routes_file.hpp"

namespace baedal::gateway {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::chrono_literals;

/// Services in other processes, which no request of these tests is routed to.
class Elsewhere final : public Upstream {
 public:
  explicit Elsewhere(std::vector<InstanceState> states) : states_(std::move(states)) {}
  Task<http::Response> forward(const Route&, http::Request&, ForwardOptions) override {
    co_return http::Response{};
  }
  [[nodiscard]] std::vector<InstanceState> instances() const override { return states_; }

 private:
  std::vector<InstanceState> states_;
};

class HandUpstreams final : public Upstreams {
 public:
  std::shared_ptr<Upstream> find(const Route& route) override {
    const auto found = by_host.find(route.host);
    return found == by_host.end() ? nullptr : std::make_shared<Elsewhere>(found->second);
  }
  std::map<std::string, std::vector<InstanceState>> by_host;
};

/// Keeps what it was told to send.
class HandSender final : public http::UpstreamSender {
 public:
  Task<http::UpstreamAnswer> send(const http::Origin& origin,
                                  const http::UpstreamRequest& request) override {
    ++asked;
    sent = std::string{request.method} + " " + origin.authority + std::string{request.target};
    headers.clear();
    for (const http::HeaderView& header : request.headers) {
      headers += std::string{header.name} + ": " + std::string{header.value} + "\n";
    }
    time_limit = request.time_limit;
    repeatable = request.repeatable;
    if (failure) co_return std::unexpected(*failure);
    co_return std::move(answer);
  }

  int asked = 0;
  std::string sent, headers;
  std::chrono::milliseconds time_limit{};
  bool repeatable = false;
  std::optional<http::UpstreamFailure> failure;
  http::Response answer{.content_type = "text/plain", .body = "from afar"};
};

/// A body that has no end.
class EndlessStream final : public http::BodyStream {
 public:
  Task<Result<std::string_view>> read() override {
    if (cancelled) co_return fail(ErrorKind::kUnavailable, "cancelled", "No more.");
    co_return std::string_view{"0123456789"};
  }
  void cancel() override { cancelled = true; }
  bool cancelled = false;
};

constexpr const char* kRoutes = R"(
spring:
  cloud:
    gateway:
      routes:
        - {id: orders, uri: "http://order:8080", predicates: ["Path=/orders/**"]}
        - {id: Menu, uri: "http://elsewhere:8081", predicates: ["Path=/menus/**"]}
        - {id: view, uri: "lb://mypage", predicates: ["Path=/mypages/**"]}
        - {id: foreign, uri: "http://partner.example:80", predicates: ["Path=/partner/**"]}
        - {id: local, uri: "http://delivery:8080", predicates: ["Path=/deliveries/**"]}
)";

class FleetTest : public ::testing::Test {
 protected:
  FleetTest() {
    upstreams_.by_host = {{"order", {{"10.0.0.1:8080", true}, {"10.0.0.2:8080", false}}},
                          {"elsewhere", {{"10.0.0.1:8080", true}}},
                          {"mypage", {{"[::1]:9000", true}}},
                          {"partner.example", {{"partner.example:80", true}}},
                          {"delivery", {}}};
    own_.add(http::Method::kGet, "/actuator/health", [](http::Request& request) {
      return say("own health " + std::string{request.query});
    });
    own_.add(http::Method::kPost, "/actuator/outbox/{service}/retry",
             [](http::Request& request) { return say("retried " + request.path_values.at(0)); });
    gateway_.use(parse_routes(kRoutes, FilterTools{.clock = clock_}).value());
    fleet_.add_routes(router_);
  }
  static Task<http::Response> say(std::string body) {
    co_return http::Response{.content_type = "text/plain", .body = std::move(body)};
  }

  ManualClock clock_{Timestamp{1'000'000'000'000'000}};
  ManualExecutor executor_;
  http::Router own_;
  http::Router router_;
  HandUpstreams upstreams_;
  HandSender sender_;
  GatewayHandler gateway_{upstreams_, own_};
  Fleet fleet_{gateway_, sender_, own_,
               FleetOptions{.services = {"menu", "order", "delivery", "mypage"},
                            .own_services = {"delivery", "gateway"},
                            .time_limit = 2s,
                            .act_time_limit = 30s,
                            .answer_bytes_max = 25}};
  http::HandClient client_{router_, executor_};
};

TEST_F(FleetTest, lists_this_process_and_every_instance_behind_the_routes_of_known_services) {
  const http::Response list = client_.get("/actuator/fleet");
  EXPECT_EQ(list.status, 200);
  EXPECT_EQ(list.content_type, "application/hal+json");
  EXPECT_THAT(list.body, HasSubstr(R"({"instance":"self","services":["delivery","gateway"],)"
                                   R"("available":true)"));
  EXPECT_THAT(list.body, HasSubstr(R"({"instance":"10.0.0.1:8080","services":["order","menu"],)"
                                   R"("available":true)"))
      << "one process, by the uri's host and by the route's id";
  EXPECT_THAT(list.body, HasSubstr(R"({"instance":"10.0.0.2:8080","services":["order"],)"
                                   R"("available":false)"));
  EXPECT_THAT(list.body, Not(HasSubstr("partner"))) << "no operator's token goes there";
  EXPECT_THAT(list.body,
              HasSubstr(R"("waiting-orders":{"href":"http://localhost:8080/actuator/fleet/)"
                        R"(%5B%3A%3A1%5D%3A9000/waiting-orders","templated":false})"));
}

TEST_F(FleetTest, an_instance_is_asked_with_the_token_and_nothing_else_of_the_caller) {
  const http::Response answer = client_.get(
      "/actuator/fleet/%5B%3A%3A1%5D%3A9000/prometheus?histograms=false",
      {{"Authorization", "Bearer t"}, {"Cookie", "c=1"}, {"X-Forwarded-For", "10.9.9.9"}});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "from afar");
  EXPECT_EQ(sender_.sent, "GET [::1]:9000/actuator/prometheus?histograms=false");
  EXPECT_THAT(sender_.headers, HasSubstr("Authorization: Bearer t\n"));
  EXPECT_THAT(sender_.headers, Not(HasSubstr("Cookie")));
  EXPECT_THAT(sender_.headers, Not(HasSubstr("10.9.9.9")));
  EXPECT_EQ(sender_.time_limit, 2s);
  EXPECT_TRUE(sender_.repeatable);
}

TEST_F(FleetTest, a_replay_goes_to_the_instance_and_is_sent_once) {
  EXPECT_EQ(client_.post("/actuator/fleet/10.0.0.2:8080/outbox/order/retry", "").status, 200);
  EXPECT_EQ(sender_.sent, "POST 10.0.0.2:8080/actuator/outbox/order/retry");
  EXPECT_EQ(sender_.time_limit, 30s);
  EXPECT_FALSE(sender_.repeatable);
  EXPECT_EQ(client_.post("/actuator/fleet/self/outbox/delivery/retry", "").body,
            "retried delivery");
  EXPECT_EQ(sender_.asked, 1);
}

TEST_F(FleetTest, this_process_is_asked_without_the_network) {
  EXPECT_EQ(client_.get("/actuator/fleet/self/health?x=1").body, "own health x=1");
  EXPECT_EQ(sender_.asked, 0);
}

TEST_F(FleetTest, nobody_is_asked_who_is_not_in_the_list_nor_for_anything_else) {
  for (const char* path :
       {"/actuator/fleet/10.0.0.9:8080/health", "/actuator/fleet/partner.example:80/health",
        "/actuator/fleet/order/health", "/actuator/fleet/10.0.0.1:8080/loggers",
        "/actuator/fleet/10.0.0.1:8080", "/actuator/fleet/10.0.0.1:8080/health/x"}) {
    EXPECT_EQ(client_.get(path).status, 404) << path;
  }
  for (const char* path : {"/actuator/fleet/10.0.0.1:8080/outbox/nobody/retry",
                           "/actuator/fleet/10.0.0.1:8080/outbox/%2E%2E/retry",
                           "/actuator/fleet/10.0.0.9:8080/outbox/order/retry"}) {
    EXPECT_EQ(client_.post(path, "").status, 404) << path;
  }
  EXPECT_EQ(client_.post("/actuator/fleet/10.0.0.1:8080/health", "").status, 405);
  EXPECT_EQ(sender_.asked, 0);
}

TEST_F(FleetTest, an_instance_that_does_not_answer_is_a_problem) {
  const std::map<http::UpstreamFailure, int> statuses{{http::UpstreamFailure::kNotConnected, 503},
                                                      {http::UpstreamFailure::kNoAddress, 503},
                                                      {http::UpstreamFailure::kTimedOut, 504},
                                                      {http::UpstreamFailure::kBroken, 502}};
  for (const auto& [failure, status] : statuses) {
    sender_.failure = failure;
    const http::Response answer = client_.get("/actuator/fleet/10.0.0.1:8080/health");
    EXPECT_EQ(answer.status, status) << to_string(failure);
    EXPECT_EQ(answer.content_type, "application/problem+json");
  }
}

TEST_F(FleetTest, an_answer_of_an_instance_has_a_bound) {
  sender_.answer.body = std::string(26, 'x');
  EXPECT_EQ(client_.get("/actuator/fleet/10.0.0.1:8080/outbox").status, 502);
  const auto endless = std::make_shared<EndlessStream>();
  sender_.answer = {.stream = endless};
  const http::Response answer = client_.get("/actuator/fleet/10.0.0.1:8080/outbox");
  ASSERT_TRUE(answer.stream);
  EXPECT_TRUE(executor_.run(answer.stream->read()));
  EXPECT_TRUE(executor_.run(answer.stream->read()));
  EXPECT_FALSE(executor_.run(answer.stream->read()));
  EXPECT_TRUE(endless->cancelled);
}

}  // namespace
}  // namespace baedal::gateway
