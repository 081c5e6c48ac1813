// Real servers of this process behind the gateway's remote upstreams: what they are sent, who is
// chosen, and what clients hear when nobody answers.
#include "services/gateway/outbound/remote_upstreams.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "kernel/text.hpp"
#include "platform/clock/system_clock.hpp"
#include "platform/http/router.hpp"
#include "platform/http/server.hpp"
#include "platform/runtime/runtime.hpp"
#include "services/gateway/outbound/forwarded_headers.hpp"

namespace baedal::gateway {
namespace {

using namespace std::chrono_literals;

/// One instance of a service, as a server on a port of its own.
class Backend {
 public:
  explicit Backend(runtime::Runtime& runtime)
      : server_(std::make_unique<http::Server>(runtime, router_)) {
    router_.add(http::Method::kGet, "/things", [this](http::Request& r) { return answer(r); });
    router_.add(http::Method::kPost, "/things", [this](http::Request& r) { return answer(r); });
    router_.add(http::Method::kGet, "/slow", [this](http::Request& r) { return hang(r); });
    router_.add(http::Method::kGet, "/health", [this](http::Request& r) { return health(r); });
    EXPECT_TRUE(server_->listen("127.0.0.1", 0));
    url = "http://127.0.0.1:" + std::to_string(server_->port());
  }
  ~Backend() { release.set(); }
  void stop() {
    release.set();
    server_.reset();
  }

  std::string url;
  std::atomic<int> asked{0};
  std::atomic<bool> healthy{true};
  std::atomic<int> status{200};
  std::string host, forwarded_for, prefix;
  Event release;

 private:
  Task<http::Response> answer(http::Request& request) {
    ++asked;
    host = request.header("Host").value_or("");
    forwarded_for = request.header_list("X-Forwarded-For").value_or("");
    prefix = request.header("X-Forwarded-Prefix").value_or("");
    co_return http::Response{status, "text/plain", std::string{request.body}, {}};
  }
  Task<http::Response> hang(http::Request&) {
    ++asked;
    co_await release.wait();
    co_return http::Response{};
  }
  Task<http::Response> health(http::Request&) {
    co_return http::Response{.status = healthy ? 200 : 503};
  }

  http::Router router_;
  std::unique_ptr<http::Server> server_;
};

class RemoteUpstreamsTest : public testing::Test {
 protected:
  RemoteUpstreamsTest() {
    runtime_.start();
    options_.check_interval = 0ms;
    options_.ejection.time = 1h;
  }

  Route route_to(std::vector<std::string> urls) {
    Route route;
    route.id = "things";
    route.uri = urls.front();
    route.host = "127.0.0.1";
    route.instances = std::move(urls);
    return route;
  }
  RemoteUpstreams& upstreams() {
    if (!upstreams_) {
      upstreams_ = std::make_unique<RemoteUpstreams>(
          client_, clock_, http::TrustedProxies{{"10.0.0.0/8"}}, options_);
    }
    return *upstreams_;
  }
  http::Response ask(const Route& route, http::Request& request, ForwardOptions options = {}) {
    upstream_ = upstreams().find(route);
    return runtime_.run(upstream_->forward(route, request, options));
  }
  static http::Request get(std::string_view target = "/things") {
    http::Request request;
    request.method = http::Method::kGet;
    request.method_text = "GET";
    request.target = request.path = target;
    request.peer = "192.0.2.1";
    request.link_base = "http://shop.example:8080";
    return request;
  }

  runtime::Runtime runtime_{1};
  SystemClock clock_;
  http::UpstreamClient client_{runtime_, clock_};
  Backend a_{runtime_};
  Backend b_{runtime_};
  RemoteUpstreamOptions options_;
  std::unique_ptr<RemoteUpstreams> upstreams_;
  std::shared_ptr<Upstream> upstream_;  ///< kept, as a table of routes does
};

TEST_F(RemoteUpstreamsTest, instances_share_the_requests) {
  const Route route = route_to({a_.url, b_.url});
  http::Request request = get();
  for (int i = 0; i < 10; ++i) EXPECT_EQ(ask(route, request).status, 200);
  EXPECT_EQ(a_.asked, 5);
  EXPECT_EQ(b_.asked, 5);
}

TEST_F(RemoteUpstreamsTest, a_route_with_affinity_asks_the_same_instance_for_the_same_client) {
  Route route = route_to({a_.url, b_.url});
  route.affinity = Affinity::kClient;
  http::Request request = get();
  for (int i = 0; i < 10; ++i) EXPECT_EQ(ask(route, request).status, 200);
  EXPECT_EQ(a_.asked * b_.asked, 0);
  EXPECT_EQ(a_.asked + b_.asked, 10);
  // Behind a proxy each of its clients counts for itself.
  for (int i = 0; i < 30; ++i) {
    const std::string client = "198.51.100." + std::to_string(i);
    request.forwarded_for = client;
    ask(route, request);
  }
  EXPECT_GT(a_.asked, 0);
  EXPECT_GT(b_.asked, 0);
  EXPECT_EQ(a_.asked + b_.asked, 40);
}

TEST_F(RemoteUpstreamsTest, an_instance_that_is_gone_costs_no_request_not_even_a_post) {
  const Route route = route_to({a_.url, b_.url});
  a_.stop();
  http::Request request = get();
  request.method = http::Method::kPost;
  request.method_text = "POST";
  request.body = "once";
  for (int i = 0; i < 10; ++i) EXPECT_EQ(ask(route, request).body, "once");
  EXPECT_EQ(b_.asked, 10);
}

TEST_F(RemoteUpstreamsTest, nobody_there_is_503_without_an_address) {
  a_.stop();
  http::Request request = get();
  const http::Response answer = ask(route_to({a_.url}), request);
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.body.find("127.0.0.1"), std::string::npos);
  EXPECT_EQ(answer.headers.front().name, "Retry-After");
}

TEST_F(RemoteUpstreamsTest, a_slow_answer_is_504_by_the_shortest_limit) {
  Route route = route_to({a_.url, b_.url});
  http::Request request = get("/slow");
  std::string_view failure;
  const http::Response filtered =
      ask(route, request, {.response_timeout = 40ms, .failure = &failure});
  EXPECT_EQ(filtered.status, 504);
  EXPECT_EQ(failure, "timed out");
  route.response_timeout = 40ms;
  EXPECT_EQ(ask(route, request).status, 504);
  EXPECT_EQ(a_.asked + b_.asked, 2);  // not asked again elsewhere: it may have been processed
}

TEST_F(RemoteUpstreamsTest, an_instance_that_fails_is_left_alone) {
  options_.ejection.failures_in_a_row = 2;
  const Route route = route_to({a_.url, b_.url});
  a_.status = 500;
  http::Request request = get();
  for (int i = 0; i < 20; ++i) ask(route, request);
  EXPECT_EQ(a_.asked, 2);
  EXPECT_EQ(b_.asked, 18);
}

TEST_F(RemoteUpstreamsTest, says_of_each_instance_whether_it_gets_requests) {
  const Route route = route_to({a_.url, b_.url});
  http::Request request = get();
  ask(route, request);
  const auto states = [this] {
    std::vector<std::pair<std::string, bool>> all;
    for (const InstanceState& state : upstream_->instances()) {
      all.emplace_back("http://" + state.authority, state.available);
    }
    return all;
  };
  using States = std::vector<std::pair<std::string, bool>>;
  EXPECT_EQ(states(), (States{{a_.url, true}, {b_.url, true}}));
  a_.stop();
  for (int i = 0; i < 2; ++i) ask(route, request);
  EXPECT_EQ(states(), (States{{a_.url, false}, {b_.url, true}}));
}

TEST_F(RemoteUpstreamsTest, health_checks_take_instances_out_and_bring_them_back) {
  options_.check_interval = 10ms;
  options_.check_path = "/health";
  const Route route = route_to({a_.url, b_.url});
  const auto upstream = upstreams().find(route);
  ASSERT_NE(upstream, nullptr);
  auto begin = [](RemoteUpstreams& upstreams) -> Task<void> {
    upstreams.start();
    co_return;
  };
  runtime_.run(begin(upstreams()));
  const auto only_b_answers = [&] {
    const int before = a_.asked;
    http::Request request = get();
    for (int i = 0; i < 6; ++i) ask(route, request);
    return a_.asked == before;
  };
  const auto eventually = [&](bool wanted) {
    const auto end = std::chrono::steady_clock::now() + 30s;
    while (only_b_answers() != wanted) {
      if (std::chrono::steady_clock::now() > end) return false;
      std::this_thread::yield();
    }
    return true;
  };
  a_.healthy = false;
  EXPECT_TRUE(eventually(true));
  a_.healthy = true;
  EXPECT_TRUE(eventually(false));
  runtime_.run(upstreams().stop());
}

TEST_F(RemoteUpstreamsTest, names_stand_for_the_instances_in_the_settings) {
  options_.instances = {{"order", {b_.url}}};
  Route route = route_to({"lb://order"});
  route.instances.clear();
  route.host = "order";
  http::Request request = get();
  EXPECT_EQ(ask(route, request).status, 200);
  EXPECT_EQ(b_.asked, 1);
  route.uri = "lb://nobody";
  route.host = "nobody";
  EXPECT_EQ(upstreams().find(route), nullptr);
}

TEST_F(RemoteUpstreamsTest, a_service_that_gives_no_answers_is_spared_by_its_breaker) {
  resilience::CircuitBreakerOptions few;
  few.sliding_window_size = few.minimum_number_of_calls = 2;
  const auto breaker = std::make_shared<resilience::CircuitBreaker>("gateway-things", few, clock_);
  std::string asked_for;
  options_.breaker = [&](const std::string& name) {
    asked_for = name;
    return breaker;
  };
  Route route = route_to({a_.url});
  route.host = "things";
  route.response_timeout = 40ms;
  http::Request slow = get("/slow");
  for (int i = 0; i < 2; ++i) EXPECT_EQ(ask(route, slow).status, 504);
  EXPECT_EQ(asked_for, "gateway-things");
  std::string_view failure;
  http::Request request = get();
  const http::Response refused = ask(route, request, {.failure = &failure});
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(failure, "circuit open");
  EXPECT_EQ(a_.asked, 2);
  breaker->reset();
  a_.status = 503;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(ask(route, request).status, 503);
  EXPECT_EQ(breaker->state(), resilience::CircuitState::kClosed);  // it answers
  EXPECT_EQ(a_.asked, 7);
}

TEST_F(RemoteUpstreamsTest, what_no_route_goes_to_any_more_is_forgotten) {
  const Route route = route_to({a_.url});
  auto upstream = upstreams().find(route);
  EXPECT_EQ(upstreams().find(route), upstream);
  const std::weak_ptr<Upstream> gone = upstream;
  upstream.reset();
  EXPECT_TRUE(gone.expired());
  EXPECT_NE(upstreams().find(route), nullptr);
}

TEST_F(RemoteUpstreamsTest, the_upstream_sees_its_own_host_and_who_asked) {
  const Route route = route_to({a_.url});
  http::Request request = get();
  request.headers = {{"Host", "shop.example:8080"}, {"X-Forwarded-For", "6.6.6.6"}};
  ask(route, request, {.prefix = "/shop"});
  EXPECT_EQ("http://" + a_.host, a_.url);
  EXPECT_EQ(a_.forwarded_for, "192.0.2.1");  // a stranger's word is not passed on
  EXPECT_EQ(a_.prefix, "/shop");
  request.peer = "10.0.0.9";
  ask(route, request, {.preserve_host = true});
  EXPECT_EQ(a_.host, "shop.example:8080");
  EXPECT_EQ(a_.forwarded_for, "6.6.6.6, 10.0.0.9");
}

TEST(ForwardedHeadersTest, carry_what_links_need) {
  http::Request request;
  request.link_base = "https://[::1]:8443/base";
  request.peer = "2001:db8::1";
  request.headers = {{"Forwarded", "for=evil"}, {"X-Forwarded-Host", "evil"}, {"Accept", "*/*"}};
  const ForwardedHeaders forwarded(request, "/cut", false);
  std::string all;
  forwarded.append_to(all);
  EXPECT_EQ(all,
            "X-Forwarded-For: 2001:db8::1\r\nX-Forwarded-Proto: https\r\n"
            "X-Forwarded-Host: [::1]:8443\r\nX-Forwarded-Port: 8443\r\n"
            "X-Forwarded-Prefix: /base/cut\r\n"
            "Forwarded: proto=https;host=\"[::1]:8443\";for=\"[2001:db8::1]\"\r\n");
  EXPECT_TRUE(forwarded.replaces("forwarded"));
  EXPECT_TRUE(forwarded.replaces("x-forwarded-host"));
  EXPECT_FALSE(forwarded.replaces("Accept"));
}

TEST(ForwardedHeadersTest, what_trusted_proxies_told_comes_first_and_ends_no_line) {
  http::Request request;
  request.link_base = "http://shop";
  request.peer = "10.0.0.9";
  request.headers = {{"X-Forwarded-For", "192.0.2.1"},
                     {"X-Forwarded-For", "192.0.2.2\r\nX-Evil: 1"},
                     {"Forwarded", "for=192.0.2.1"}};
  const ForwardedHeaders forwarded(request, "/cut\nX-Evil: 1", true);
  std::string all;
  forwarded.append_to(all);
  EXPECT_EQ(all,
            "X-Forwarded-For: 192.0.2.1, 192.0.2.2  X-Evil: 1, 10.0.0.9\r\n"
            "X-Forwarded-Proto: http\r\nX-Forwarded-Host: shop\r\nX-Forwarded-Port: 80\r\n"
            "X-Forwarded-Prefix: /cut X-Evil: 1\r\n"
            "Forwarded: for=192.0.2.1, proto=http;host=\"shop\";for=10.0.0.9\r\n");
}

}  // namespace
}  // namespace baedal::gateway
