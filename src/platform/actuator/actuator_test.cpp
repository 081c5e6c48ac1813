// The actuator through its router, as an orchestrator, a scraper and a person ask it.
#include "platform/actuator/actuator.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "kernel/async/manual_executor.hpp"
#include "kernel/json/parse.hpp"
#include "platform/actuator/measured_handler.hpp"
#include "platform/clock/manual_clock.hpp"
#include "platform/log/log.hpp"
#include "platform/metrics/prometheus.hpp"

namespace baedal::actuator {
namespace {

using namespace std::chrono_literals;
using http::Method;
using http::Response;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kV3 = "application/vnd.spring-boot.actuator.v3+json";

class ActuatorTest : public ::testing::Test {
 protected:
  /// An actuator of its own on the shared registries.
  struct Server {
    Server(ActuatorTest& test, Options options)
        : actuator(test.health_, test.metrics_, std::move(options)) {
      actuator.add_routes(router);
    }
    Actuator actuator;
    http::Router router;
  };

  Response ask(Server& server, Method method, std::string_view target, std::string_view accept = {},
               std::string_view body = {}) {
    http::Request request;
    request.method = method;
    request.method_text = http::to_string(method);
    request.target = target;
    request.path = target.substr(0, target.find('?'));
    if (request.path.size() < target.size()) request.query = target.substr(request.path.size() + 1);
    if (!accept.empty()) request.headers.push_back({"Accept", accept});
    request.body = body;
    request.link_base = "http://localhost:8080";
    return executor_.run(server.router.handle(request));
  }
  Response get(Server& server, std::string_view target, std::string_view accept = {}) {
    return ask(server, Method::kGet, target, accept);
  }

  ManualExecutor executor_;
  ManualClock clock_{Timestamp{0}};
  health::HealthRegistry health_;
  metrics::Registry metrics_{clock_};
};

TEST_F(ActuatorTest, health_without_details_is_the_status_alone) {
  Server server{*this, {}};
  health_.set_lifecycle(health::Lifecycle::kReady);
  const Response up = get(server, "/actuator/health");
  EXPECT_EQ(up.status, 200);
  EXPECT_EQ(up.body, R"({"status":"UP"})");
  EXPECT_EQ(up.content_type, kV3);
  EXPECT_EQ(get(server, "/actuator/health/livenessState").status, 404);
}

TEST_F(ActuatorTest, probes_follow_the_lifecycle) {
  Server server{*this, {}};
  const struct {
    health::Lifecycle lifecycle;
    int health, liveness, readiness;
  } kCases[] = {
      {health::Lifecycle::kStarting, 503, 200, 503},
      {health::Lifecycle::kReady, 200, 200, 200},
      {health::Lifecycle::kDraining, 503, 200, 503},
      {health::Lifecycle::kBroken, 503, 503, 503},
  };
  for (const auto& c : kCases) {
    health_.set_lifecycle(c.lifecycle);
    EXPECT_EQ(get(server, "/actuator/health").status, c.health);
    for (const char* path : {"/actuator/health/liveness", "/livez"}) {
      EXPECT_EQ(get(server, path).status, c.liveness) << path;
    }
    for (const char* path : {"/actuator/health/readiness", "/readyz"}) {
      EXPECT_EQ(get(server, path).status, c.readiness) << path;
    }
  }
}

TEST_F(ActuatorTest, readiness_is_out_of_service_while_draining) {
  Server server{*this, {}};
  health_.set_lifecycle(health::Lifecycle::kDraining);
  EXPECT_EQ(get(server, "/actuator/health/readiness").body, R"({"status":"OUT_OF_SERVICE"})");
  EXPECT_EQ(get(server, "/actuator/health/liveness").body, R"({"status":"UP"})");
}

TEST_F(ActuatorTest, health_with_details_shows_components_and_groups) {
  Server server{*this, {.show_details = true}};
  health_.set_lifecycle(health::Lifecycle::kReady);
  health_.add("db", [] {
    health::Check check;
    check.details.set("database", "SQLite");
    return check;
  });
  health_.add("bus", [] { return health::Check{unavailable("bus-down", "No answer."), {}}; });
  const Response answer = get(server, "/actuator/health");
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.body, R"({"status":"DOWN","components":{)"
                         R"("db":{"status":"UP","details":{"database":"SQLite"}},)"
                         R"("bus":{"status":"DOWN","details":{"error":"No answer."}},)"
                         R"("livenessState":{"status":"UP"},"readinessState":{"status":"UP"}},)"
                         R"("groups":["liveness","readiness"]})");
  EXPECT_EQ(get(server, "/actuator/health/db").body,
            R"({"status":"UP","details":{"database":"SQLite"}})");
  EXPECT_EQ(get(server, "/actuator/health/bus").status, 503);
  EXPECT_EQ(get(server, "/actuator/health/nothing").status, 404);
  EXPECT_EQ(get(server, "/actuator/health/readiness").body,
            R"({"status":"UP","components":{"readinessState":{"status":"UP"}}})");
  EXPECT_EQ(get(server, "/actuator/health/liveness/livenessState").body, R"({"status":"UP"})");
  EXPECT_EQ(get(server, "/actuator/health/liveness/bus").status, 404);
}

TEST_F(ActuatorTest, the_content_type_is_the_one_asked_for) {
  Server server{*this, {}};
  const struct {
    std::string_view accept, type;
  } kCases[] = {
      {"", kV3},
      {"*/*", kV3},
      {"application/json", "application/json"},
      {"application/json, */*;q=0.5", "application/json"},
      {"application/vnd.spring-boot.actuator.v2+json",
       "application/vnd.spring-boot.actuator.v2+json"},
      {"text/html,application/xhtml+xml,*/*;q=0.8", kV3},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(get(server, "/actuator/info", c.accept).content_type, c.type) << c.accept;
  }
  EXPECT_EQ(get(server, "/actuator/info", "image/png").status, 406);
}

TEST_F(ActuatorTest, links_name_every_endpoint_and_demo_ones_only_when_switched_on) {
  Server server{*this, {}};
  const Response answer = get(server, "/actuator");
  EXPECT_THAT(answer.body,
              HasSubstr(R"({"_links":{"self":{"href":"http://localhost:8080/actuator",)"
                        R"("templated":false},"health":{"href":)"
                        R"("http://localhost:8080/actuator/health","templated":false})"));
  EXPECT_THAT(answer.body, HasSubstr(R"(/health/{*path}","templated":true)"));
  EXPECT_THAT(answer.body, Not(HasSubstr("echo")));
  Server demo{*this, {.demo_endpoints = true}};
  EXPECT_THAT(get(demo, "/actuator").body, HasSubstr("/actuator/echo"));
  Server with_more{*this, {.more = {{"stock", "/stock"}}}};
  EXPECT_THAT(get(with_more, "/actuator").body,
              HasSubstr(R"("stock":{"href":)"
                        R"("http://localhost:8080/actuator/stock")"));
}

TEST_F(ActuatorTest, info_tells_build_and_process) {
  Server server{*this, {.version = "1.2.3", .git_commit = "abc"}};
  const Response answer = get(server, "/actuator/info");
  EXPECT_THAT(answer.body,
              HasSubstr(R"("build":{"artifact":"baedal","name":"baedal","version":"1.2.3"})"));
  EXPECT_THAT(answer.body, HasSubstr(R"("git":{"commit":{"id":"abc"}})"));
  EXPECT_THAT(answer.body, HasSubstr(R"("process":{"pid":)"));
  Server unknown{*this, {}};
  EXPECT_THAT(get(unknown, "/actuator/info").body, Not(HasSubstr("git")));
}

TEST_F(ActuatorTest, metrics_are_listed_and_selected_by_tags) {
  Server server{*this, {}};
  const auto count = [&](const char* uri) {
    metrics_.timer({"http.server.requests", "", "", {{"uri", uri}}}).record(1s, clock_.monotonic());
  };
  count("/orders");
  count("/menus");
  EXPECT_EQ(get(server, "/actuator/metrics").body, R"({"names":["http.server.requests"]})");
  EXPECT_THAT(get(server, "/actuator/metrics/http.server.requests?tag=uri:/orders").body,
              HasSubstr(R"({"statistic":"COUNT","value":1.0})"));
  EXPECT_THAT(get(server, "/actuator/metrics/http.server.requests?tag=uri%3A%2Forders").body,
              HasSubstr(R"({"statistic":"COUNT","value":1.0})"));
  EXPECT_EQ(get(server, "/actuator/metrics/nothing").status, 404);
  EXPECT_EQ(get(server, "/actuator/metrics/http.server.requests?tag=uri:/no").status, 404);
  EXPECT_EQ(get(server, "/actuator/metrics/http.server.requests?tag=uri").status, 400);
}

TEST_F(ActuatorTest, prometheus_answers_in_the_format_asked_for) {
  Server server{*this, {}};
  metrics_.counter({"a"}).add();
  metrics_.counter({"b"}).add();
  const Response text = get(server, "/actuator/prometheus");
  EXPECT_EQ(text.content_type, "text/plain;version=0.0.4;charset=utf-8");
  EXPECT_THAT(text.body, HasSubstr("a_total 1\n"));
  const Response open = get(server, "/actuator/prometheus",
                            "application/openmetrics-text;version=1.0.0,text/plain;q=0.5");
  EXPECT_EQ(open.content_type, "application/openmetrics-text;version=1.0.0;charset=utf-8");
  EXPECT_THAT(open.body, ::testing::EndsWith("# EOF\n"));
  EXPECT_THAT(get(server, "/actuator/prometheus?includedNames=b_total,c").body,
              Not(HasSubstr("a_total")));
  EXPECT_EQ(get(server, "/actuator/prometheus", "image/png").status, 200);
}

TEST(ActuatorPaths, are_those_below_its_own_and_the_two_of_kubernetes) {
  for (const char* path : {"/actuator", "/actuator/health", "/livez", "/readyz"}) {
    EXPECT_TRUE(Actuator::owns(path)) << path;
  }
  for (const char* path : {"/", "/actuators", "/orders/actuator", "/livez/1", "readyz"}) {
    EXPECT_FALSE(Actuator::owns(path)) << path;
  }
}

TEST_F(ActuatorTest, histograms_are_summaries_for_scrapers_that_know_no_others) {
  metrics_.timer({.name = "t"}, {std::chrono::milliseconds{1}}).record({}, {});
  Server server{*this, {}};
  EXPECT_THAT(get(server, "/actuator/prometheus").body, HasSubstr("# TYPE t_seconds histogram\n"));
  EXPECT_THAT(get(server, "/actuator/prometheus?histograms=false").body,
              AllOf(HasSubstr("# TYPE t_seconds summary\n"), HasSubstr("t_seconds_count 1\n"),
                    Not(HasSubstr("_bucket"))));
}

TEST_F(ActuatorTest, loggers_are_shown_and_changed) {
  Server server{*this, {}};
  const auto post = [&](std::string_view name, std::string_view body) {
    const std::string target = "/actuator/loggers/" + std::string{name};
    return ask(server, Method::kPost, target, {}, body).status;
  };
  EXPECT_EQ(post("actuator.test", R"({"configuredLevel":"DEBUG"})"), 204);
  EXPECT_EQ(get(server, "/actuator/loggers/actuator.test").body,
            R"({"configuredLevel":"DEBUG","effectiveLevel":"DEBUG"})");
  EXPECT_THAT(
      get(server, "/actuator/loggers").body,
      HasSubstr(R"({"levels":["OFF","ERROR","WARN","INFO","DEBUG","TRACE"],"loggers":{"ROOT":)"));
  EXPECT_EQ(post("actuator.test", R"({"configuredLevel":null})"), 204);
  EXPECT_EQ(get(server, "/actuator/loggers/actuator.test").body, R"({"effectiveLevel":"INFO"})");
  EXPECT_EQ(post("actuator.test", R"({"configuredLevel":"LOUD"})"), 400);
  EXPECT_EQ(post("actuator.test", "[]"), 400);
  EXPECT_EQ(post("actuator.test", "{"), 400);
  EXPECT_EQ(post("a%20b", "{}"), 400);
  EXPECT_EQ(get(server, "/actuator/loggers/nobody").status, 404);
}

TEST_F(ActuatorTest, demo_endpoints_exist_only_behind_their_switch) {
  Server server{*this, {}};
  EXPECT_EQ(ask(server, Method::kPut, "/actuator/down").status, 404);
  EXPECT_EQ(get(server, "/actuator/echo").status, 404);

  Server demo{*this, {.demo_endpoints = true}};
  health_.set_lifecycle(health::Lifecycle::kReady);
  const Response down = ask(demo, Method::kPut, "/actuator/down");
  EXPECT_EQ(down.status, 200);
  EXPECT_EQ(down.content_type, "application/json");
  EXPECT_EQ(down.body, R"({"status":"DOWN"})");
  const Response health = get(demo, "/actuator/health");
  EXPECT_EQ(health.status, 503);
  EXPECT_EQ(health.body, R"({"status":"DOWN"})");
  EXPECT_EQ(get(demo, "/livez").status, 503);
  EXPECT_EQ(ask(demo, Method::kPut, "/actuator/up").body, R"({"status":"UP"})");
  EXPECT_EQ(get(demo, "/actuator/health").status, 200);
  EXPECT_FALSE(get(demo, "/actuator/echo").body.empty());
}

TEST_F(ActuatorTest, other_methods_are_405_and_head_is_where_get_is) {
  Server server{*this, {.demo_endpoints = true}};
  for (const auto& [method, pattern] : server.router.routes()) {
    if (method != "GET" || pattern.find('{') != std::string::npos) continue;
    EXPECT_EQ(ask(server, Method::kHead, pattern).status, get(server, pattern).status) << pattern;
    EXPECT_EQ(ask(server, Method::kDelete, pattern).status, 405) << pattern;
  }
  EXPECT_EQ(get(server, "/actuator/nothing").status, 404);
}

TEST_F(ActuatorTest, requests_are_measured_by_route_even_when_their_handler_throws) {
  http::Router router;
  router.add(Method::kGet, "/orders/{id}", [this](http::Request&) -> Task<Response> {
    clock_.advance(20ms);
    co_return Response{200};
  });
  router.add(Method::kPost, "/orders/{id}", [](http::Request& request) -> Task<Response> {
    if (request.body.empty()) throw std::runtime_error{"bug"};
    co_return Response{200};
  });
  metrics::HttpServerMetrics recorder{metrics_};
  MeasuredHandler measured{router, recorder, clock_};
  const auto send = [&](Method method, std::string_view path) {
    http::Request request;
    request.method = method;
    request.path = path;
    return executor_.run(measured.handle(request));
  };
  EXPECT_EQ(send(Method::kGet, "/orders/7").status, 200);
  EXPECT_EQ(send(Method::kGet, "/nothing").status, 404);
  const auto throws = [&]() -> Task<bool> {
    http::Request request;
    request.method = Method::kPost;
    request.path = "/orders/7";
    try {
      co_await measured.handle(request);
    } catch (const std::runtime_error&) {
      co_return true;
    }
    co_return false;
  };
  EXPECT_TRUE(executor_.run(throws()));
  const auto families = metrics_.collect();
  const std::string text = metrics::prometheus_text(families, metrics::TextFormat::kPrometheus);
  const char* const lines[] = {
      R"(_sum{error="none",exception="none",method="GET",outcome="SUCCESS",)"
      R"(status="200",uri="/orders/{id}"} 0.02)",
      R"(status="404",uri="NOT_FOUND"} 1)",
      R"(exception="exception",method="POST",outcome="SERVER_ERROR",)"
      R"(status="500",uri="/orders/{id}"} 1)",
      "http_server_requests_active_seconds_count 0\n",
  };
  for (const char* line : lines) EXPECT_THAT(text, HasSubstr(line));
}

}  // namespace
}  // namespace baedal::actuator
