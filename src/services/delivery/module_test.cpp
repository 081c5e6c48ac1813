// The module from outside: /deliveries over the router, the order service's two doors, and the
// events it listens to.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contracts/events.hpp"
#include "kernel/async/manual_executor.hpp"
#include "kernel/json/parse.hpp"
#include "platform/clock/manual_clock.hpp"
#include "platform/http/testing/hand_client.hpp"
#include "platform/messaging/memory/memory_bus.hpp"
#include "platform/messaging/store_parking.hpp"
#include "platform/store/memory/memory_store.hpp"
#include "services/delivery/module.hpp"

namespace baedal::delivery {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kComplete = R"({"status":"complete"})";
constexpr std::string_view kCancelled = R"({"status":"cancelled"})";

class DeliveryHttp : public ::testing::Test {
 protected:
  DeliveryHttp() {
    module_->add_routes(router_);
    module_->add_handlers(subscriber_);
    subscriber_.subscribe_to(bus_);
    executor_.post([this] { ASSERT_TRUE(bus_.start()); });
    executor_.run_ready();
  }
  ~DeliveryHttp() override { executor_.run(bus_.stop()); }

  /// Lets `event` happen elsewhere, and this service take it.
  void hear(std::string_view type, std::string id, std::int64_t order) {
    const contracts::PaymentEvent payment{.id = 100 + order, .order_id = order, .status = "paid"};
    const std::vector<messaging::Envelope> events{
        {.id = std::move(id),
         .type = std::string{type},
         .source = "payment",
         .key = std::to_string(order),
         .time = clock_.now(),
         .data = contracts::encode(type, clock_.now(), payment)}};
    ASSERT_TRUE(executor_.run(bus_.publish(events)));
    executor_.run_ready();
  }
  void start(std::int64_t order) {
    hear(contracts::event::kPaid, "payment-" + std::to_string(order), order);
  }
  json::Object object(const http::Response& response) {
    const auto parsed = json::parse(response.body);
    const auto* members = parsed ? parsed->get<json::Object>() : nullptr;
    EXPECT_NE(members, nullptr) << response.body;
    return members == nullptr ? json::Object{} : *members;
  }
  std::string member(const http::Response& response, std::string_view name) {
    const json::Object members = object(response);
    const json::Value* value = members.find(name);
    const auto* text = value == nullptr ? nullptr : value->get<std::string>();
    return text == nullptr ? "" : *text;
  }
  std::string status_of(std::int64_t delivery) {
    return member(client_.get("/deliveries/" + std::to_string(delivery)), "status");
  }
  http::Response patch(std::string_view body, std::vector<http::Header> headers = {}) {
    return client_.patch("/deliveries/1", std::string{body}, std::move(headers));
  }

  ManualExecutor executor_;
  ManualClock clock_{Timestamp{1'614'070'595'000'000}};
  store::MemoryDisk disk_{"test"};
  store::MemoryStore store_{disk_, clock_};
  http::hal::Presentation presentation_;
  std::unique_ptr<DeliveryModule> module_ = make_module({store_, clock_, presentation_});
  http::Router router_;
  http::HandClient client_{router_, executor_};
  std::unique_ptr<messaging::StoreParking> parking_ =
      executor_.run(messaging::StoreParking::open(store_)).value();
  messaging::Subscriber subscriber_{"delivery", *parking_, clock_};
  messaging::MemoryBus bus_{{.deliver_twice = true}};
};

TEST_F(DeliveryHttp, a_paid_order_has_a_delivery_in_the_seeds_words) {
  start(7);
  const http::Response item = client_.get("/deliveries/1");
  EXPECT_EQ(item.status, 200);
  EXPECT_EQ(item.content_type, "application/hal+json");
  EXPECT_EQ(http::header_of(item, "ETag"), "\"1\"");
  EXPECT_EQ(item.body, R"({
  "orderId" : 7,
  "status" : "started",
  "deliveryId" : 1,
  "version" : 1,
  "createdAt" : "2021-02-23T08:56:35.000Z",
  "updatedAt" : "2021-02-23T08:56:35.000Z",
  "completedAt" : null,
  "_links" : {
    "self" : {
      "href" : "http://localhost:8080/deliveries/1"
    },
    "delivery" : {
      "href" : "http://localhost:8080/deliveries/1"
    },
    "claim" : {
      "href" : "http://localhost:8080/deliveries/1/claim"
    }
  }
})");
}

TEST_F(DeliveryHttp, in_the_seeds_representation_only_its_members_are_shown) {
  presentation_.original_only = true;
  presentation_.links = http::hal::Presentation::Links::kService;
  start(7);
  EXPECT_EQ(client_.get("/deliveries/1").body, R"({
  "orderId" : 7,
  "status" : "started",
  "_links" : {
    "self" : {
      "href" : "http://delivery:8080/deliveries/1"
    },
    "delivery" : {
      "href" : "http://delivery:8080/deliveries/1"
    }
  }
})");
}

TEST_F(DeliveryHttp, is_completed_by_patch_and_stays_so) {
  start(7);
  const http::Response completed = patch(kComplete);
  EXPECT_EQ(completed.status, 200);
  EXPECT_EQ(member(completed, "status"), "complete");
  EXPECT_EQ(http::header_of(completed, "ETag"), "\"2\"");
  const http::Response again = patch(kComplete);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.body, completed.body);
  const http::Response refused = patch(kCancelled);
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(member(refused, "code"), "delivery-complete");
  const json::Object problem = object(refused);
  ASSERT_NE(problem.find("delivery"), nullptr) << "the present state is shown";
  EXPECT_EQ(*problem.find("delivery")->get<json::Object>()->find("status"),
            json::Value{"complete"});
}

TEST_F(DeliveryHttp, is_complete_since_when_it_is_said_to_be) {
  start(7);
  start(8);
  start(9);
  clock_.advance(std::chrono::hours{1});
  constexpr std::string_view kEarlier =
      R"({"status":"complete","completedAt":"2021-02-23T18:20:00+09:00"})";
  const http::Response completed = patch(kEarlier);
  EXPECT_EQ(completed.status, 200);
  EXPECT_EQ(member(completed, "completedAt"), "2021-02-23T09:20:00.000Z");
  EXPECT_EQ(member(completed, "updatedAt"), "2021-02-23T09:56:35.000Z");
  EXPECT_EQ(patch(kComplete).body, completed.body);
  EXPECT_EQ(patch(R"({"status":"complete","completedAt":"2021-02-23T09:30:00Z"})").body,
            completed.body)
      << "the first time stands";
  EXPECT_EQ(patch(R"({"completedAt":"2021-02-23T09:20:00.000Z"})").status, 200) << "it is so";
  EXPECT_EQ(patch(R"({"completedAt":"2021-02-23T09:30:00.000Z"})").status, 409);
  EXPECT_EQ(client_.put("/deliveries/2", std::string{kEarlier}).status, 200);
  EXPECT_EQ(member(client_.get("/deliveries/2"), "completedAt"), "2021-02-23T09:20:00.000Z");
  const http::Response patched =
      client_.patch("/deliveries/3",
                    R"([{"op":"replace","path":"/status","value":"complete"},
          {"op":"add","path":"/completedAt","value":"2021-02-23T09:20:00Z"}])",
                    {{"Content-Type", "application/json-patch+json"}});
  EXPECT_EQ(member(patched, "completedAt"), "2021-02-23T09:20:00.000Z") << patched.body;
}

TEST_F(DeliveryHttp, takes_no_time_at_which_it_cannot_have_been_complete) {
  start(7);
  clock_.advance(std::chrono::hours{1});
  for (const char* time : {R"("2021-02-23T09:59:00Z")", R"("2021-02-23T08:54:00Z")",
                           R"("0000-01-01T00:00:00Z")", R"("9999-12-31T23:59:59Z")"}) {
    const http::Response refused =
        patch(std::string{R"({"status":"complete","completedAt":)"} + time + "}");
    EXPECT_EQ(refused.status, 422) << time;
    EXPECT_EQ(member(refused, "code"), "completed-at-impossible");
  }
  for (const char* time : {R"("yesterday")", "7", R"("")", R"("2021-02-23")", "true"}) {
    const http::Response refused =
        patch(std::string{R"({"status":"complete","completedAt":)"} + time + "}");
    EXPECT_EQ(refused.status, 400) << time;
    EXPECT_THAT(refused.body, HasSubstr(R"("property":"completedAt")"));
  }
  EXPECT_EQ(patch(R"({"status":"cancelled","completedAt":"2021-02-23T09:20:00Z"})").status, 409);
  EXPECT_EQ(status_of(1), "started");
  EXPECT_EQ(patch(R"({"status":"complete","completedAt":null})").status, 200);
  EXPECT_EQ(member(client_.get("/deliveries/1"), "completedAt"), "2021-02-23T09:56:35.000Z");
}

TEST_F(DeliveryHttp, is_cancelled_by_patch_and_stays_so) {
  start(7);
  EXPECT_EQ(patch(kCancelled).status, 200);
  EXPECT_EQ(patch(kCancelled).status, 200);
  const http::Response refused = patch(kComplete);
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(member(refused, "code"), "delivery-cancelled");
}

TEST_F(DeliveryHttp, takes_no_other_status) {
  start(7);
  for (const char* word : {R"("started")", R"("delivered")", R"("COMPLETE")", R"("cancel")",
                           R"("")", "null", "7", "[]", R"("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")"}) {
    const http::Response refused = patch(std::string{R"({"status":)"} + word + "}");
    EXPECT_EQ(refused.status, 400) << word;
    EXPECT_EQ(member(refused, "code"), "invalid-fields");
    EXPECT_THAT(refused.body, HasSubstr(R"("property":"status")"));
  }
  EXPECT_EQ(status_of(1), "started");
}

TEST_F(DeliveryHttp, other_members_may_be_repeated_but_not_changed) {
  start(7);
  EXPECT_EQ(patch(R"({"orderId":8})").status, 409);
  EXPECT_EQ(patch(R"({"orderId":8,"status":"complete"})").status, 409);
  EXPECT_EQ(patch(R"({"createdAt":"2020-01-01T00:00:00.000Z"})").status, 409);
  EXPECT_EQ(patch("{}").status, 200);
  EXPECT_EQ(patch(R"({"orderId":"7","unknown":[1]})").status, 200);
  EXPECT_EQ(status_of(1), "started");
  EXPECT_EQ(patch(R"({"orderId":7,"version":1,"status":"complete"})").status, 200);
  EXPECT_EQ(status_of(1), "complete");
}

TEST_F(DeliveryHttp, is_changed_by_json_patch_too) {
  start(7);
  const std::vector<http::Header> json_patch = {{"Content-Type", "application/json-patch+json"},
                                                {"Idempotency-Key", "k"}};
  constexpr std::string_view kBody =
      R"([{"op":"test","path":"/status","value":"started"},
          {"op":"replace","path":"/status","value":"complete"}])";
  EXPECT_EQ(patch(kBody, json_patch).status, 200);
  EXPECT_EQ(status_of(1), "complete");
  const http::Response again = patch(kBody, json_patch);
  EXPECT_EQ(again.status, 200) << "the test no longer holds, the first answer does";
  EXPECT_EQ(http::header_of(again, "Idempotent-Replayed"), "true");
  EXPECT_EQ(patch(kBody, {{"Content-Type", "application/json-patch+json"}}).status, 409);
}

TEST_F(DeliveryHttp, put_as_the_seeds_order_service_sends_it_is_the_same_as_patch) {
  start(7);
  const std::string body = R"({"id":1,"orderId":7,"status":"cancelled"})";
  EXPECT_EQ(client_.put("/deliveries/1", body).status, 200);
  EXPECT_EQ(status_of(1), "cancelled");
  EXPECT_EQ(client_.put("/deliveries/1", body).status, 200);
  EXPECT_EQ(client_.put("/deliveries/1", R"({"orderId":7,"status":"complete"})").status, 409);
  EXPECT_EQ(client_.put("/deliveries/1", R"({"orderId":9,"status":"cancelled"})").status, 409);
  EXPECT_EQ(client_.put("/deliveries/2", body).status, 404);
  EXPECT_EQ(client_.get("/deliveries/2").status, 404);
}

TEST_F(DeliveryHttp, a_write_with_if_match_needs_the_present_version) {
  start(7);
  for (const char* stale : {"\"2\"", "W/\"1\"", "\"a\", \"0\""}) {
    EXPECT_EQ(patch(kComplete, {{"If-Match", stale}}).status, 412) << stale;
  }
  EXPECT_EQ(patch(kComplete, {{"If-Match", "1"}}).status, 400);
  EXPECT_EQ(status_of(1), "started");
  EXPECT_EQ(patch(kComplete, {{"If-Match", "\"9\", \"1\""}}).status, 200);
  EXPECT_EQ(client_.get("/deliveries/1", {{"If-None-Match", "\"2\""}}).status, 304);
  EXPECT_EQ(client_.get("/deliveries/1", {{"If-None-Match", "\"1\""}}).status, 200);
}

TEST_F(DeliveryHttp, a_key_replays_the_first_answer) {
  start(7);
  const std::vector<http::Header> key = {{"Idempotency-Key", "k-1"}};
  const http::Response first = patch(kComplete, key);
  const http::Response again = patch(kComplete, key);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(http::header_of(first, "Idempotent-Replayed"), "");
  EXPECT_EQ(http::header_of(again, "Idempotent-Replayed"), "true");
  EXPECT_EQ(patch(kCancelled, key).status, 422);
}

TEST_F(DeliveryHttp, what_it_does_not_do_is_405_and_what_is_not_there_404) {
  start(7);
  const http::Response posted = client_.post("/deliveries", R"({"orderId":1,"status":"started"})");
  EXPECT_EQ(posted.status, 405);
  EXPECT_THAT(http::header_of(posted, "Allow"), Not(HasSubstr("POST")));
  EXPECT_EQ(client_.erase("/deliveries/1").status, 405);
  EXPECT_EQ(client_.post("/deliveries/1", "{}").status, 405);
  for (const char* path : {"/deliveries/2", "/deliveries/0", "/deliveries/-1", "/deliveries/x",
                           "/deliveries/99999999999999999999"}) {
    EXPECT_EQ(client_.get(path).status, 404) << path;
    EXPECT_EQ(client_.patch(path, std::string{kComplete}).status, 404) << path;
  }
}

TEST_F(DeliveryHttp, is_listed_sorted_and_found_by_order) {
  for (const std::int64_t order : {30, 10, 20}) start(order);
  EXPECT_EQ(client_.patch("/deliveries/2", std::string{kComplete}).status, 200);
  const auto orders = [&](const std::string& query) {
    std::vector<std::int64_t> found;
    const json::Object page = object(client_.get("/deliveries?" + query));
    const auto& embedded = *page.find("_embedded")->get<json::Object>();
    for (const json::Value& item : *embedded.find("deliveries")->get<json::Array>()) {
      found.push_back(*item.get<json::Object>()->find("orderId")->get<std::int64_t>());
    }
    return found;
  };
  using Orders = std::vector<std::int64_t>;
  EXPECT_EQ(orders("page=0"), (Orders{30, 10, 20}));
  EXPECT_EQ(orders("sort=orderId"), (Orders{10, 20, 30}));
  EXPECT_EQ(orders("sort=deliveryId,desc&size=2"), (Orders{20, 10}));
  EXPECT_EQ(orders("sort=createdAt,desc"), (Orders{20, 10, 30}));
  EXPECT_EQ(orders("sort=status,desc&sort=orderId,desc"), (Orders{30, 20, 10}));

  EXPECT_EQ(member(client_.get("/deliveries/search/findByOrderId?orderId=10"), "status"),
            "complete");
  EXPECT_EQ(client_.get("/deliveries/search/findByOrderId?orderId=99").status, 404);
  EXPECT_EQ(client_.get("/deliveries/search/findByOrderId?orderId=x").status, 400);
  EXPECT_EQ(client_.get("/deliveries/search/findByOrderId").status, 400);
  EXPECT_THAT(client_.get("/deliveries/search").body,
              HasSubstr("/deliveries/search/findByOrderId{?orderId}"));
}

TEST_F(DeliveryHttp, an_order_service_elsewhere_cancels_by_order) {
  start(7);
  const auto cancel = [&](std::string body, std::vector<http::Header> headers = {}) {
    return client_.post("/deliveries/cancellations", std::move(body), std::move(headers));
  };
  const http::Response cancelled = cancel(R"({"orderId":7})");
  EXPECT_EQ(cancelled.status, 200);
  EXPECT_EQ(cancelled.content_type, "application/json");
  EXPECT_EQ(cancelled.body, R"({"deliveryId":1,"orderId":7,"cancelled":true})");
  EXPECT_EQ(cancel(R"({"orderId":7})").body, cancelled.body);
  EXPECT_EQ(cancel(R"({"orderId":"8"})").body, R"({"deliveryId":2,"orderId":8,"cancelled":true})")
      << "before it started";
  start(8);
  EXPECT_EQ(status_of(2), "cancelled");
  start(9);
  EXPECT_EQ(client_.patch("/deliveries/3", std::string{kComplete}).status, 200);
  EXPECT_EQ(cancel(R"({"orderId":9})").body, R"({"deliveryId":3,"orderId":9,"cancelled":false})");

  const std::vector<http::Header> key = {{"Idempotency-Key", "k"}};
  const http::Response first = cancel(R"({"orderId":10})", key);
  const http::Response again = cancel(R"({"orderId":10})", key);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(http::header_of(again, "Idempotent-Replayed"), "true");
  EXPECT_EQ(cancel(R"({"orderId":11})", key).status, 422);
}

TEST_F(DeliveryHttp, a_cancellation_that_names_no_order_is_refused) {
  for (const char* body : {"{}", R"({"orderId":null})", R"({"orderId":""})", R"({"orderId":0})",
                           R"({"orderId":-1})", R"({"orderId":"x"})", "[]", "7", "{", ""}) {
    EXPECT_EQ(client_.post("/deliveries/cancellations", body).status, 400) << body;
  }
  EXPECT_EQ(client_
                .post("/deliveries/cancellations", "orderId=1",
                      {{"Content-Type", "application/x-www-form-urlencoded"}})
                .status,
            415);
  EXPECT_EQ(client_.get("/deliveries/cancellations").status, 405);
}

TEST_F(DeliveryHttp, an_order_service_in_the_same_process_cancels_by_order) {
  contracts::DeliveryApi& api = module_->api();
  const auto before = executor_.run(api.cancel_delivery_of(7));
  EXPECT_EQ(before->delivery_id, 1);
  EXPECT_TRUE(before->cancelled);
  start(7);
  EXPECT_EQ(status_of(1), "cancelled") << "a late Paid starts nothing";
  start(8);
  EXPECT_EQ(client_.patch("/deliveries/2", std::string{kComplete}).status, 200);
  const auto refused = executor_.run(api.cancel_delivery_of(8));
  EXPECT_EQ(refused->delivery_id, 2);
  EXPECT_FALSE(refused->cancelled);
}

TEST_F(DeliveryHttp,
       an_order_alone_starts_nothing_and_a_failed_payment_leaves_a_cancelled_delivery) {
  hear(contracts::event::kOrdered, "order-1", 7);
  EXPECT_EQ(client_.get("/deliveries/1").status, 404);
  hear(contracts::event::kPaymentFailed, "payment-1", 7);
  EXPECT_EQ(status_of(1), "cancelled");
  start(7);
  EXPECT_EQ(status_of(1), "cancelled");
  EXPECT_EQ(client_.get("/deliveries/2").status, 404);
}

TEST_F(DeliveryHttp, a_failed_payment_of_a_complete_delivery_is_parked_for_a_person) {
  start(7);
  EXPECT_EQ(patch(kComplete).status, 200);
  hear(contracts::event::kPaymentFailed, "payment-x", 7);
  executor_.advance(std::chrono::minutes{5});
  const auto parked = executor_.run(parking_->list(10)).value();
  ASSERT_EQ(parked.size(), 1U);
  EXPECT_THAT(parked[0].reason, HasSubstr("delivery-complete"));
  EXPECT_EQ(status_of(1), "complete");
}

}  // namespace
}  // namespace baedal::delivery
