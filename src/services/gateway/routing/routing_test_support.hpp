#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "kernel/async/manual_executor.hpp"
#include "platform/clock/manual_clock.hpp"
#include "platform/http/testing/hand_client.hpp"
#include "services/gateway/inbound/gateway_handler.hpp"
#include "services/gateway/outbound/routes_file.hpp"

namespace baedal::gateway {

/// Answers as it is told, and keeps what it was asked.
class ToldUpstream final : public Upstream, public Upstreams {
 public:
  std::shared_ptr<Upstream> find(const Route& route) override {
    if (route.host == "nobody") return nullptr;
    return {std::shared_ptr<void>{}, this};
  }
  Task<http::Response> forward(const Route& route, http::Request& request,
                               ForwardOptions given) override {
    ++asked;
    route_id = route.id;
    target = request.target;
    path = request.path;
    query = request.query;
    headers.clear();
    for (const http::HeaderView& header : request.headers) {
      headers.push_back({std::string{header.name}, std::string{header.value}});
    }
    options = given;
    options.prefix = {};
    prefix = given.prefix;
    if (given.failure != nullptr) *given.failure = failure;
    options.failure = nullptr;
    http::Response answer = response;
    if (!statuses.empty()) {
      answer.status = statuses.front();
      statuses.erase(statuses.begin());
    }
    co_return answer;
  }
  [[nodiscard]] std::string header(std::string_view name) const {
    std::string all;
    for (const http::Header& each : headers) {
      if (iequals(each.name, name)) all += (all.empty() ? "" : "|") + each.value;
    }
    return all;
  }

  int asked = 0;
  std::string route_id, target, path, query, prefix;
  std::vector<http::Header> headers;
  ForwardOptions options;
  std::string_view failure;
  std::vector<int> statuses;  ///< of the next answers; then `response`'s
  http::Response response{.status = 200, .content_type = "text/plain", .body = "told"};
};

/// A gateway in front of one told upstream, asked without a socket.
class ToldGatewayTest : public testing::Test {
 protected:
  ToldGatewayTest() {
    own_.add(http::Method::kGet, "/fallback",
             [](http::Request&) { return answer("from the fallback"); });
  }
  static Task<http::Response> answer(std::string body) {
    co_return http::Response{.content_type = "text/plain", .body = std::move(body)};
  }

  FilterTools tools() {
    return {.clock = clock_,
            .random = [this] { return draw_; },
            .breaker =
                [this](const std::string& name) {
                  auto& breaker = breakers_[name];
                  resilience::CircuitBreakerOptions options;
                  options.sliding_window_size = options.minimum_number_of_calls = 2;
                  if (!breaker) {
                    breaker = std::make_shared<resilience::CircuitBreaker>(name, options, clock_);
                  }
                  return breaker;
                },
            .dispatch = [this](http::Request& request) { return handler_.handle(request); }};
  }
  /// `routes` in flow style: "{id: a, uri: 'http://a', …}".
  void use(const std::string& routes, const std::string& more = "") {
    auto table =
        parse_routes("spring: {cloud: {gateway: {routes: [" + routes + "]" + more + "}}}", tools());
    ASSERT_TRUE(table) << table.error().detail;
    handler_.use(std::move(*table));
  }
  /// One route to everything, with these filters: "'A=b', 'C'".
  void use_filters(const std::string& filters) {
    use("{id: a, uri: 'http://a', predicates: ['Path=/{first}/**'], filters: [" + filters + "]}");
  }

  ManualClock clock_{Timestamp{1'000'000'000'000'000}};
  ManualExecutor executor_;
  http::Router own_;
  ToldUpstream upstream_;
  GatewayHandler handler_{upstream_, own_};
  http::HandClient client_{handler_, executor_};
  std::map<std::string, std::shared_ptr<resilience::CircuitBreaker>> breakers_;
  double draw_ = 0;
};

}  // namespace baedal::gateway
