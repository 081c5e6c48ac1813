// The neighbours over HTTP: a server of this process plays them, well and badly.
#include <gtest/gtest.h>

#include <atomic>

#include "kernel/async/sync.hpp"
#include "platform/clock/manual_clock.hpp"
#include "platform/http/router.hpp"
#include "platform/http/server.hpp"
#include "platform/runtime/runtime.hpp"
#include "services/order/outbound/remote_delivery.hpp"
#include "services/order/outbound/remote_menu.hpp"

namespace baedal::order {
namespace {

using namespace std::chrono_literals;

class RemoteTest : public testing::Test {
 protected:
  RemoteTest() {
    router_.add(http::Method::kPost, "/deliveries/cancellations",
                [this](http::Request& request) { return answer(request); });
    router_.add(http::Method::kGet, "/menus/{id}",
                [this](http::Request& request) { return answer(request); });
    EXPECT_TRUE(server_->listen("127.0.0.1", 0));
    runtime_.start();
    options_.time_limit = 10s;
    options_.breaker.sliding_window_size = 4;
    options_.breaker.minimum_number_of_calls = 4;
    options_.instances = {here()};
  }
  ~RemoteTest() override {
    release_.set();
    server_.reset();
  }

  Task<http::Response> answer(http::Request& request) {
    ++asked_;
    seen_ = std::string{request.method_text} + " " + std::string{request.target} + " " +
            std::string{request.body};
    authorization_ = request.header_list("Authorization").value_or("");
    if (hang_) co_await release_.wait();
    co_return http::Response{status_, "application/json", body_, {}};
  }

  [[nodiscard]] http::Origin here() const {
    return *http::Origin::parse("http://127.0.0.1:" + std::to_string(server_->port()));
  }
  /// A port nobody listens on.
  [[nodiscard]] http::Origin nowhere() {
    http::Server gone(runtime_, router_);
    EXPECT_TRUE(gone.listen("127.0.0.1", 0));
    return *http::Origin::parse("http://127.0.0.1:" + std::to_string(gone.port()));
  }
  RemoteService& service(const std::string& name) {
    options_.name = name;
    service_ = std::make_unique<RemoteService>(options_, client_, clock_, [] { return 0.5; });
    return *service_;
  }
  Result<contracts::DeliveryDecision> cancel() {
    RemoteDelivery delivery(*service_);
    return runtime_.run(delivery.cancel_delivery_of(7));
  }
  Result<std::optional<contracts::MenuItem>> find_menu() {
    RemoteMenu menu(*service_);
    return runtime_.run(menu.find_menu(3));
  }

  runtime::Runtime runtime_{1};
  ManualClock clock_{Timestamp{0}};
  http::Router router_;
  std::unique_ptr<http::Server> server_ = std::make_unique<http::Server>(runtime_, router_);
  http::UpstreamClient client_{runtime_, clock_};
  RemoteOptions options_;
  std::unique_ptr<RemoteService> service_;
  Event release_;
  std::atomic<bool> hang_{false};
  std::atomic<int> asked_{0};
  std::string seen_;
  std::string authorization_;
  std::string body_;
  int status_ = 200;
};

TEST_F(RemoteTest, a_delivery_says_yes_or_no) {
  service("delivery");
  body_ = R"({"deliveryId":5,"orderId":7,"cancelled":true})";
  auto decision = cancel();
  ASSERT_TRUE(decision) << decision.error().detail;
  EXPECT_EQ(decision->delivery_id, 5);
  EXPECT_TRUE(decision->cancelled);
  EXPECT_EQ(seen_, R"(POST /deliveries/cancellations {"orderId":7})");
  body_ = R"({"deliveryId":5,"orderId":7,"cancelled":false})";
  EXPECT_FALSE(cancel()->cancelled);
}

TEST_F(RemoteTest, each_call_says_who_makes_it_where_there_is_something_to_say) {
  body_ = R"({"deliveryId":5,"orderId":7,"cancelled":true})";
  service("delivery");
  ASSERT_TRUE(cancel());
  EXPECT_EQ(authorization_, "");
  int made = 0;
  options_.authorization = [&made] {
    return std::make_shared<const std::string>("Bearer token-" + std::to_string(++made));
  };
  service("delivery");
  ASSERT_TRUE(cancel());
  EXPECT_EQ(authorization_, "Bearer token-1");
  ASSERT_TRUE(cancel());
  EXPECT_EQ(authorization_, "Bearer token-2");
}

TEST_F(RemoteTest, a_delivery_that_fails_is_asked_once_and_named_without_an_address) {
  service("delivery");
  status_ = 500;
  const auto decision = cancel();
  ASSERT_FALSE(decision);
  EXPECT_EQ(decision.error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(decision.error().detail, "The delivery service cannot answer now.");
  EXPECT_GT(decision.error().retry_after, 0s);
  EXPECT_EQ(asked_, 1);
}

TEST_F(RemoteTest, an_answer_that_is_not_understood_decides_nothing) {
  service("delivery");
  for (const char* body : {"", "[]", "{}", R"({"deliveryId":"5","cancelled":true})"}) {
    body_ = body;
    EXPECT_EQ(cancel().error().kind, ErrorKind::kUnavailable) << body;
  }
  status_ = 404;
  body_ = R"({"deliveryId":5,"orderId":7,"cancelled":true})";
  EXPECT_FALSE(cancel());
}

TEST_F(RemoteTest, a_slow_delivery_is_given_up_at_the_limit) {
  options_.time_limit = 30ms;
  service("delivery");
  hang_ = true;
  EXPECT_EQ(cancel().error().code, "delivery-unavailable");
  EXPECT_EQ(asked_, 1);
}

TEST_F(RemoteTest, the_breaker_opens_spares_the_other_side_and_closes_again) {
  options_.breaker.permitted_number_of_calls_in_half_open_state = 1;
  options_.breaker.wait_duration_in_open_state = 5s;
  service("delivery");
  status_ = 503;
  for (int i = 0; i < 4; ++i) EXPECT_FALSE(cancel());
  EXPECT_EQ(service_->breaker().state(), resilience::CircuitState::kOpen);
  const auto refused = cancel();
  EXPECT_EQ(refused.error().code, "circuit-open");
  EXPECT_EQ(refused.error().retry_after, 5s);
  EXPECT_EQ(asked_, 4);
  status_ = 200;
  body_ = R"({"deliveryId":5,"cancelled":true})";
  clock_.advance(5s);
  EXPECT_TRUE(cancel());
  EXPECT_EQ(service_->breaker().state(), resilience::CircuitState::kClosed);
}

TEST_F(RemoteTest, an_instance_that_is_down_is_passed_over) {
  options_.instances = {nowhere(), here(), nowhere()};
  service("delivery");
  body_ = R"({"deliveryId":5,"cancelled":true})";
  for (int i = 0; i < 6; ++i) EXPECT_TRUE(cancel());
  EXPECT_EQ(asked_, 6);
}

/// Comes up when the second round of tries begins.
TEST_F(RemoteTest, what_nobody_has_processed_is_tried_again) {
  body_ = R"({"deliveryId":5,"cancelled":true})";
  const http::Origin late = nowhere();
  options_.instances = {late};
  options_.retry = {.attempts_max = 1'000, .wait_duration = 1ms};
  http::Server latecomer(runtime_, router_);
  bool begun = false;
  options_.name = "delivery";
  service_ = std::make_unique<RemoteService>(options_, client_, clock_, [&] {
    if (!std::exchange(begun, true)) latecomer.listen("127.0.0.1", late.port).value();
    return 0.5;
  });
  EXPECT_TRUE(cancel());
  EXPECT_EQ(asked_, 1);
  EXPECT_EQ(service_->counts().retried_well, 1U);
}

TEST_F(RemoteTest, a_breaker_sees_one_call_however_often_it_was_tried) {
  options_.instances = {nowhere()};
  options_.retry = {.attempts_max = 3, .wait_duration = 1ms};
  service("delivery");
  EXPECT_FALSE(cancel());
  EXPECT_EQ(service_->breaker().stats().buffered.failed, 1U);
  EXPECT_EQ(service_->counts().retried_in_vain, 1U);
}

TEST_F(RemoteTest, nobody_there_is_unavailable) {
  options_.instances = {nowhere()};
  service("delivery");
  EXPECT_EQ(cancel().error().code, "delivery-unavailable");
}

TEST_F(RemoteTest, more_calls_than_there_are_places_are_refused_at_once) {
  options_.concurrent_calls_max = 0;
  service("delivery");
  const auto refused = cancel();
  EXPECT_EQ(refused.error().kind, ErrorKind::kOverloaded);
  EXPECT_EQ(asked_, 0);
}

TEST_F(RemoteTest, a_menu_is_read_with_its_price) {
  service("menu");
  body_ =
      R"({"menuNm":"Gimbab","price":4500,"currency":"KRW","soldOut":true,"version":2,"_links":{}})";
  const auto found = find_menu();
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->id, 3);
  EXPECT_EQ((*found)->name, "Gimbab");
  EXPECT_EQ((*found)->price, 4500);
  EXPECT_TRUE((*found)->sold_out);
  EXPECT_EQ((*found)->version, 2);
  EXPECT_EQ(seen_, "GET /menus/3 ");
}

TEST_F(RemoteTest, an_unknown_menu_is_an_answer) {
  service("menu");
  status_ = 404;
  const auto found = find_menu();
  ASSERT_TRUE(found);
  EXPECT_FALSE(*found);
  EXPECT_EQ(asked_, 1);
}

TEST_F(RemoteTest, a_menu_that_fails_is_not_asked_again) {
  options_.retry = {.attempts_max = 3, .wait_duration = 1ms};
  service("menu");
  status_ = 500;
  EXPECT_EQ(find_menu().error().code, "menu-unavailable");
  EXPECT_EQ(asked_, 1);
}

}  // namespace
}  // namespace baedal::order
