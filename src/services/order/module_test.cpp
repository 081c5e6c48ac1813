// The module from outside: orders placed and read over the router, and the events it listens to.
#include <gmock/gmock.h>

#include "services/order/module_test_support.hpp"

namespace baedal::order {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST_F(OrderHttp, a_placed_order_is_answered_whole_in_the_seeds_words) {
  const http::Response placed = place();
  EXPECT_EQ(placed.status, 201);
  EXPECT_EQ(placed.content_type, "application/hal+json");
  EXPECT_EQ(http::header_of(placed, "Location"), "http://localhost:8080/orders/1");
  EXPECT_EQ(http::header_of(placed, "ETag"), "\"1\"");
  EXPECT_EQ(placed.body, R"({
  "menuId" : 1,
  "menuNm" : "Gimbab",
  "qty" : 2,
  "status" : "ordered",
  "deliveryStatus" : null,
  "deliveryId" : null,
  "orderId" : 1,
  "amount" : 9000,
  "currency" : "KRW",
  "paymentId" : null,
  "paymentStatus" : null,
  "version" : 1,
  "createdAt" : "2021-02-23T08:56:35.000Z",
  "updatedAt" : "2021-02-23T08:56:35.000Z",
  "_links" : {
    "self" : {
      "href" : "http://localhost:8080/orders/1"
    },
    "order" : {
      "href" : "http://localhost:8080/orders/1"
    }
  }
})");
  EXPECT_EQ(client_.get("/orders/1").body, placed.body);
}

TEST_F(OrderHttp, in_the_seeds_representation_only_its_members_are_shown) {
  presentation_.original_only = true;
  presentation_.links = http::hal::Presentation::Links::kService;
  EXPECT_EQ(place().body, R"({
  "menuId" : 1,
  "menuNm" : "Gimbab",
  "qty" : 2,
  "status" : "ordered",
  "deliveryStatus" : null,
  "deliveryId" : null,
  "_links" : {
    "self" : {
      "href" : "http://order:8080/orders/1"
    },
    "order" : {
      "href" : "http://order:8080/orders/1"
    }
  }
})");
}

TEST_F(OrderHttp, takes_what_httpie_and_the_seeds_clients_send) {
  const http::Response strings =
      client_.post("/orders", R"({"menuId":"1","menuNm":"Gimbab","qty":"3","status":"cancel"})");
  EXPECT_EQ(strings.status, 201);
  EXPECT_EQ(member(strings, "qty"), "3");
  EXPECT_EQ(member(strings, "status"), "ordered") << "a client's status does not count";
  const http::Response bare = client_.post("/orders", R"({"menuId":1,"unknown":[1]})");
  EXPECT_EQ(bare.status, 201);
  EXPECT_EQ(member(bare, "qty"), "1");
  EXPECT_EQ(member(bare, "menuNm"), "Gimbab");
  EXPECT_EQ(client_.post("/orders", std::string{kPlace}, {{"Accept", ""}}).body, "");
}

TEST_F(OrderHttp, refuses_what_is_no_order_and_names_the_member) {
  struct Case {
    const char* body;
    int status;
    const char* property;
  };
  const Case cases[] = {{"{}", 400, "menuId"},
                        {R"({"menuId":null})", 400, "menuId"},
                        {R"({"menuId":""})", 400, "menuId"},
                        {R"({"menuId":0})", 400, "menuId"},
                        {R"({"menuId":"x"})", 400, "menuId"},
                        {R"({"menuId":1,"qty":0})", 400, "qty"},
                        {R"({"menuId":1,"qty":-1})", 400, "qty"},
                        {R"({"menuId":1,"qty":1000})", 400, "qty"},
                        {R"({"menuId":1,"paymentToken":""})", 400, "paymentToken"},
                        {"[]", 400, ""},
                        {"{", 400, ""},
                        {R"({"menuId":2})", 422, ""}};
  for (const Case& c : cases) {
    const http::Response refused = client_.post("/orders", c.body);
    EXPECT_EQ(refused.status, c.status) << c.body;
    EXPECT_EQ(refused.content_type, "application/problem+json");
    if (*c.property != '\0') {
      EXPECT_THAT(refused.body, HasSubstr("\"property\":\"" + std::string{c.property} + "\""));
    }
  }
  EXPECT_EQ(events_told(), 0U);
}

TEST_F(OrderHttp, a_menu_service_that_does_not_answer_is_503_with_retry_after) {
  menus_.reachable = false;
  const http::Response refused = place();
  EXPECT_EQ(refused.status, 503);
  EXPECT_NE(http::header_of(refused, "Retry-After"), "");
  hear_menu(contracts::event::kMenuCreated, {.id = 1, .menu_name = "Gimbab", .version = 1});
  EXPECT_EQ(place().status, 201) << "an event told of it: nobody is asked";
}

TEST_F(OrderHttp, a_sold_out_menu_is_422_and_a_replay_is_not) {
  const std::vector<http::Header> key = {{"Idempotency-Key", "k"}};
  const http::Response first = place(key);
  hear_menu(contracts::event::kMenuChanged,
            {.id = 1, .menu_name = "Gimbab", .sold_out = true, .version = 2});
  EXPECT_EQ(place().status, 422);
  const http::Response again = place(key);
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(http::header_of(again, "Location"), http::header_of(first, "Location"));
  EXPECT_EQ(http::header_of(again, "Idempotent-Replayed"), "true");
  EXPECT_EQ(client_.post("/orders", R"({"menuId":1,"qty":3})", key).status, 422);
  EXPECT_EQ(events_told(), 1U);
}

TEST_F(OrderHttp, the_payment_token_is_never_shown) {
  const http::Response placed = client_.post("/orders", R"({"menuId":1,"paymentToken":"tok_x"})");
  EXPECT_EQ(placed.status, 201);
  EXPECT_THAT(placed.body, Not(HasSubstr("tok_x")));
  EXPECT_THAT(client_.get("/orders").body, Not(HasSubstr("tok_x")));
  EXPECT_THAT(executor_.run(store_.read_outbox(0, 1)).value()[0].event.data,
              HasSubstr(R"("paymentToken":"tok_x")"));
}

TEST_F(OrderHttp, follows_its_payment_and_delivery_in_the_seeds_words) {
  place();
  hear_payment(contracts::event::kPaid, "paid");
  EXPECT_EQ(shown("paymentStatus"), "paid");
  EXPECT_EQ(shown("paymentId"), "5");
  hear_delivery(contracts::event::kDeliveryStarted, "started");
  EXPECT_EQ(shown("deliveryStatus"), "started");
  EXPECT_EQ(shown("deliveryId"), "101");
  hear_delivery(contracts::event::kDeliveryCompleted, "complete");
  EXPECT_EQ(shown("deliveryStatus"), "complete");
  EXPECT_EQ(shown("status"), "ordered");
  EXPECT_EQ(shown("version"), "4") << "every event came twice";
}

TEST_F(OrderHttp, a_failed_payment_cancels_it_through_its_delivery) {
  place();
  hear_payment(contracts::event::kPaymentFailed, "declined");
  EXPECT_EQ(shown("status"), "ordered") << "the delivery decides";
  hear_delivery(contracts::event::kDeliveryCancelled, "cancelled");
  EXPECT_EQ(shown("status"), "cancel");
  EXPECT_EQ(shown("paymentStatus"), "declined");
  EXPECT_EQ(events_told(), 2U);
}

TEST_F(OrderHttp, what_it_does_not_do_is_405_and_what_is_not_there_404) {
  place();
  EXPECT_EQ(client_.erase("/orders/1").status, 405);
  EXPECT_EQ(client_.post("/orders/1", "{}").status, 405);
  for (const char* path :
       {"/orders/2", "/orders/0", "/orders/-1", "/orders/x", "/orders/99999999999999999999"}) {
    EXPECT_EQ(client_.get(path).status, 404) << path;
    EXPECT_EQ(client_.patch(path, std::string{kCancel}).status, 404) << path;
    EXPECT_EQ(client_.patch(path, "{}").status, 404) << path;
  }
  EXPECT_EQ(deliveries_.asked, 0);
}

TEST_F(OrderHttp, is_listed_in_pages_sorted_by_what_has_an_index) {
  for (const int quantity : {3, 1, 2}) {
    EXPECT_EQ(
        client_.post("/orders", R"({"menuId":1,"qty":)" + std::to_string(quantity) + "}").status,
        201);
  }
  const auto quantities = [&](const std::string& query) {
    const auto parsed = json::parse(client_.get("/orders?" + query).body);
    const auto* embedded = parsed->get<json::Object>()->find("_embedded")->get<json::Object>();
    std::vector<std::int64_t> found;
    for (const json::Value& order : *embedded->find("orders")->get<json::Array>()) {
      found.push_back(*order.get<json::Object>()->find("qty")->get<std::int64_t>());
    }
    return found;
  };
  using Quantities = std::vector<std::int64_t>;
  EXPECT_EQ(quantities(""), (Quantities{3, 1, 2}));
  EXPECT_EQ(quantities("sort=qty"), (Quantities{1, 2, 3}));
  EXPECT_EQ(quantities("sort=orderId,desc&size=2"), (Quantities{2, 1}));
  EXPECT_EQ(quantities("sort=createdAt,desc&page=1&size=2"), (Quantities{3}));
  EXPECT_EQ(quantities("sort=menuId&sort=qty,desc"), (Quantities{3, 2, 1}));
  EXPECT_EQ(quantities("sort=menuNm,desc"), (Quantities{3, 1, 2})) << "no index: dropped";
  EXPECT_THAT(client_.get("/orders?size=2").body, HasSubstr("\"totalElements\" : 3"));
}

TEST_F(OrderHttp, news_of_an_order_it_never_took_are_parked_and_others_go_on) {
  place();
  hear_delivery(contracts::event::kDeliveryStarted, "started", 99);
  hear_payment(contracts::event::kPaid, "paid", 99);
  executor_.advance(std::chrono::minutes{5});
  const auto parked = executor_.run(parking_->list(10)).value();
  ASSERT_EQ(parked.size(), 2U) << "the second behind the first: one key";
  EXPECT_THAT(parked[0].reason, HasSubstr("order-not-found"));
  hear_delivery(contracts::event::kDeliveryStarted, "started", 1);
  EXPECT_EQ(shown("deliveryStatus"), "started");
}

TEST_F(OrderHttp, the_seeds_own_events_are_understood) {
  place();
  publish("", "foreign-1", 1,
          R"({"eventType":"DeliveryStarted","timestamp":"20210223085635","id":4,"orderId":1,)"
          R"("status":"started","me":true})");
  EXPECT_EQ(shown("deliveryStatus"), "started");
  EXPECT_EQ(shown("deliveryId"), "4");
  publish(
      "", "foreign-2", 7,
      R"({"eventType":"MenuCreated","timestamp":"20210223085635","id":7,"menuNm":"Juice","me":true})");
  const http::Response placed = client_.post("/orders", R"({"menuId":7})");
  EXPECT_EQ(placed.status, 201);
  EXPECT_EQ(member(placed, "menuNm"), "Juice");
  EXPECT_EQ(member(placed, "amount"), "null");
}

}  // namespace
}  // namespace baedal::order
