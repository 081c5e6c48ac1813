// The module from outside: /orders over the router, and the events it listens to.
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
#include "services/order/module.hpp"

namespace baedal::order {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kPlace = R"({"menuId":1,"menuNm":"Gimbab","qty":2})";
constexpr std::string_view kCancel = R"({"status":"cancel"})";

struct HandMenuApi final : contracts::MenuApi {
  Task<Result<std::optional<contracts::MenuItem>>> find_menu(std::int64_t id) override {
    if (!reachable) co_return unavailable("menu-unreachable", "The menu service does not answer.");
    if (id != 1) co_return std::nullopt;
    co_return contracts::MenuItem{.id = 1, .name = "Gimbab", .price = 4500, .version = 1};
  }
  bool reachable = true;
};

struct HandDeliveryApi final : contracts::DeliveryApi {
  Task<Result<contracts::DeliveryDecision>> cancel_delivery_of(std::int64_t order) override {
    ++asked;
    if (!reachable) co_return unavailable("delivery-unreachable", "Delivery does not answer.");
    co_return contracts::DeliveryDecision{100 + order, !complete};
  }
  bool reachable = true;
  bool complete = false;
  int asked = 0;
};

class OrderHttp : public ::testing::Test {
 protected:
  OrderHttp() {
    module_->add_routes(router_);
    module_->add_handlers(subscriber_);
    subscriber_.subscribe_to(bus_);
    executor_.post([this] { ASSERT_TRUE(bus_.start()); });
    executor_.run_ready();
  }
  ~OrderHttp() override { executor_.run(bus_.stop()); }

  void publish(std::string_view type, std::string id, std::int64_t key, std::string data) {
    const std::vector<messaging::Envelope> events{{.id = std::move(id),
                                                   .type = std::string{type},
                                                   .source = "elsewhere",
                                                   .key = std::to_string(key),
                                                   .time = clock_.now(),
                                                   .data = std::move(data)}};
    ASSERT_TRUE(executor_.run(bus_.publish(events)));
    executor_.run_ready();
  }
  void hear_delivery(std::string_view type, std::string_view status, std::int64_t order = 1) {
    const contracts::DeliveryEvent event{100 + order, order, std::string{status}, 1};
    publish(type, "delivery-" + std::string{type} + std::to_string(order), order,
            contracts::encode(type, clock_.now(), event));
  }
  void hear_payment(std::string_view type, std::string_view status, std::int64_t order = 1) {
    const contracts::PaymentEvent event{.id = 5, .order_id = order, .status = std::string{status}};
    publish(type, "payment-" + std::string{type} + std::to_string(order), order,
            contracts::encode(type, clock_.now(), event));
  }
  void hear_menu(std::string_view type, const contracts::MenuEvent& event) {
    publish(type, "menu-" + std::to_string(++menu_events_), event.id,
            contracts::encode(type, clock_.now(), event));
  }
  http::Response place(std::vector<http::Header> headers = {}) {
    return client_.post("/orders", std::string{kPlace}, std::move(headers));
  }
  http::Response patch(std::string_view body, std::vector<http::Header> headers = {}) {
    return client_.patch("/orders/1", std::string{body}, std::move(headers));
  }
  /// A member of a JSON answer, as JSON text; empty when it is not there.
  std::string member(const http::Response& response, std::string_view name) {
    const auto parsed = json::parse(response.body);
    const auto* members = parsed ? parsed->get<json::Object>() : nullptr;
    EXPECT_NE(members, nullptr) << response.body;
    const json::Value* value = members == nullptr ? nullptr : members->find(name);
    if (value == nullptr) return {};
    if (const auto* text = value->get<std::string>()) return *text;
    if (const auto* number = value->get<std::int64_t>()) return std::to_string(*number);
    return value->is_null() ? "null" : "?";
  }
  std::string shown(std::string_view name) { return member(client_.get("/orders/1"), name); }
  std::size_t events_told() {
    return executor_.run(store_.read_outbox(0, 100)).value().size();
  }

  ManualExecutor executor_;
  ManualClock clock_{Timestamp{1'614'070'595'000'000}};
  store::MemoryDisk disk_{"test"};
  store::MemoryStore store_{disk_, clock_};
  HandMenuApi menus_;
  HandDeliveryApi deliveries_;
  http::hal::Presentation presentation_;
  std::unique_ptr<service::Module> module_ =
      make_module({store_, clock_, menus_, deliveries_, presentation_});
  http::Router router_;
  http::HandClient client_{router_, executor_};
  std::unique_ptr<messaging::StoreParking> parking_ =
      executor_.run(messaging::StoreParking::open(store_)).value();
  messaging::Subscriber subscriber_{"order", *parking_, clock_};
  messaging::MemoryBus bus_{{.deliver_twice = true}};
  int menu_events_ = 0;
};

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

TEST_F(OrderHttp, is_cancelled_by_patch_with_its_delivery) {
  place();
  const http::Response cancelled = patch(kCancel);
  EXPECT_EQ(cancelled.status, 200);
  EXPECT_EQ(member(cancelled, "status"), "cancel");
  EXPECT_EQ(member(cancelled, "deliveryStatus"), "cancelled");
  EXPECT_EQ(member(cancelled, "deliveryId"), "101");
  const http::Response again = patch(kCancel);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.body, cancelled.body);
  EXPECT_EQ(deliveries_.asked, 1);
  EXPECT_EQ(events_told(), 2U);
  const http::Response back = patch(R"({"status":"ordered"})");
  EXPECT_EQ(back.status, 409);
  EXPECT_EQ(member(back, "code"), "order-cancelled");
}

TEST_F(OrderHttp, a_delivered_order_is_409_and_shown_as_it_is) {
  place();
  hear_delivery(contracts::event::kDeliveryCompleted, "complete");
  const http::Response refused = patch(kCancel);
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(member(refused, "code"), "order-delivered");
  EXPECT_THAT(refused.body, HasSubstr("\"deliveryStatus\" : \"complete\""));
  EXPECT_EQ(http::header_of(refused, "ETag"), "\"2\"");
  EXPECT_EQ(deliveries_.asked, 0);
}

TEST_F(OrderHttp, a_delivery_that_is_complete_already_refuses_before_its_event_comes) {
  place();
  deliveries_.complete = true;
  EXPECT_EQ(patch(kCancel).status, 409);
  EXPECT_EQ(shown("status"), "ordered");
  EXPECT_EQ(events_told(), 1U);
}

TEST_F(OrderHttp, a_delivery_service_that_does_not_answer_is_503_and_nothing_happened) {
  place();
  deliveries_.reachable = false;
  const http::Response refused = patch(kCancel);
  EXPECT_EQ(refused.status, 503);
  EXPECT_NE(http::header_of(refused, "Retry-After"), "");
  EXPECT_EQ(shown("status"), "ordered");
  EXPECT_EQ(shown("version"), "1");
  EXPECT_EQ(events_told(), 1U);
  hear_delivery(contracts::event::kDeliveryCancelled, "cancelled");
  EXPECT_EQ(shown("status"), "cancel") << "the answer was lost, the event was not";
}

TEST_F(OrderHttp, takes_no_other_status) {
  place();
  for (const char* word : {R"("cancelled")", R"("CANCEL")", R"("complete")", R"("")", "null", "7",
                           "[]", R"("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")"}) {
    const http::Response refused = patch(std::string{R"({"status":)"} + word + "}");
    EXPECT_EQ(refused.status, 400) << word;
    EXPECT_THAT(refused.body, HasSubstr(R"("property":"status")")) << word;
  }
  EXPECT_EQ(deliveries_.asked, 0);
}

TEST_F(OrderHttp, other_members_may_be_repeated_but_not_changed) {
  place();
  for (const char* body :
       {R"({"qty":3})", R"({"menuId":2,"status":"cancel"})", R"({"menuNm":"Juice"})",
        R"({"deliveryStatus":"complete"})", R"({"deliveryId":9})", R"({"amount":1})",
        R"({"version":7})"}) {
    const http::Response refused = patch(body);
    EXPECT_EQ(refused.status, 409) << body;
    EXPECT_EQ(member(refused, "code"), "member-cannot-change");
  }
  EXPECT_EQ(patch("{}").status, 200);
  EXPECT_EQ(patch(R"({"qty":"2","menuId":1,"status":"ordered","unknown":1})").status, 200);
  EXPECT_EQ(shown("version"), "1");
  EXPECT_EQ(deliveries_.asked, 0);
  EXPECT_EQ(patch(R"({"menuId":1,"menuNm":"Gimbab","qty":2,"status":"cancel"})").status, 200);
}

TEST_F(OrderHttp, put_never_wipes) {
  place();
  EXPECT_EQ(client_.put("/orders/1", "{}").status, 200);
  EXPECT_EQ(client_.put("/orders/1", R"({"menuId":1,"qty":2})").status, 200);
  EXPECT_EQ(shown("menuNm"), "Gimbab");
  EXPECT_EQ(shown("version"), "1");
  EXPECT_EQ(client_.put("/orders/1", R"({"qty":3})").status, 409);
  EXPECT_EQ(client_.put("/orders/2", std::string{kPlace}).status, 404);
  EXPECT_EQ(client_.get("/orders/2").status, 404);
  EXPECT_EQ(client_.put("/orders/1", std::string{kCancel}).status, 200);
  EXPECT_EQ(shown("status"), "cancel");
}

TEST_F(OrderHttp, if_match_is_decided_before_the_delivery_is_asked) {
  place();
  for (const char* stale : {"\"2\"", "W/\"1\"", "\"a\", \"0\""}) {
    EXPECT_EQ(patch(kCancel, {{"If-Match", stale}}).status, 412) << stale;
    EXPECT_EQ(patch("{}", {{"If-Match", stale}}).status, 412) << stale;
  }
  EXPECT_EQ(patch(kCancel, {{"If-Match", "1"}}).status, 400);
  EXPECT_EQ(deliveries_.asked, 0);
  EXPECT_EQ(shown("status"), "ordered");
  EXPECT_EQ(patch(kCancel, {{"If-Match", "\"9\", \"1\""}}).status, 200);
}

TEST_F(OrderHttp, a_key_replays_the_first_cancel_although_the_members_it_named_moved_on) {
  place();
  const std::vector<http::Header> key = {{"Idempotency-Key", "k"}, {"If-Match", "\"1\""}};
  constexpr std::string_view kBody = R"({"version":1,"deliveryStatus":null,"status":"cancel"})";
  const http::Response first = patch(kBody, key);
  EXPECT_EQ(first.status, 200);
  hear_payment(contracts::event::kPaymentFailed, "declined");
  const http::Response again = patch(kBody, key);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(http::header_of(first, "Idempotent-Replayed"), "");
  EXPECT_EQ(http::header_of(again, "Idempotent-Replayed"), "true");
  EXPECT_EQ(patch(R"({"qty":2,"status":"cancel"})", key).status, 422);
  EXPECT_EQ(deliveries_.asked, 1);
}

TEST_F(OrderHttp, is_cancelled_by_json_patch_and_replayed_although_its_test_no_longer_holds) {
  place();
  const http::Header type{"Content-Type", "application/json-patch+json"};
  constexpr std::string_view kBody =
      R"([{"op":"test","path":"/status","value":"ordered"},
          {"op":"replace","path":"/status","value":"cancel"}])";
  const http::Response first = patch(kBody, {type, {"Idempotency-Key", "k"}});
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(member(first, "status"), "cancel");
  const http::Response again = patch(kBody, {type, {"Idempotency-Key", "k"}});
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(http::header_of(again, "Idempotent-Replayed"), "true");
  EXPECT_EQ(patch(kBody, {type}).status, 409);
  EXPECT_EQ(deliveries_.asked, 1);
}

TEST_F(OrderHttp, what_it_does_not_do_is_405_and_what_is_not_there_404) {
  place();
  EXPECT_EQ(client_.erase("/orders/1").status, 405);
  EXPECT_EQ(client_.post("/orders/1", "{}").status, 405);
  for (const char* path : {"/orders/2", "/orders/0", "/orders/-1", "/orders/x",
                           "/orders/99999999999999999999"}) {
    EXPECT_EQ(client_.get(path).status, 404) << path;
    EXPECT_EQ(client_.patch(path, std::string{kCancel}).status, 404) << path;
    EXPECT_EQ(client_.patch(path, "{}").status, 404) << path;
  }
  EXPECT_EQ(deliveries_.asked, 0);
}

TEST_F(OrderHttp, is_listed_in_pages_sorted_by_what_has_an_index) {
  for (const int quantity : {3, 1, 2}) {
    EXPECT_EQ(client_.post("/orders", R"({"menuId":1,"qty":)" + std::to_string(quantity) + "}").status, 201);
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
  publish("", "foreign-2", 7,
          R"({"eventType":"MenuCreated","timestamp":"20210223085635","id":7,"menuNm":"Juice","me":true})");
  const http::Response placed = client_.post("/orders", R"({"menuId":7})");
  EXPECT_EQ(placed.status, 201);
  EXPECT_EQ(member(placed, "menuNm"), "Juice");
  EXPECT_EQ(member(placed, "amount"), "null");
}

}  // namespace
}  // namespace baedal::order
