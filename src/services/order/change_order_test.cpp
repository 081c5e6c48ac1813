// The module from outside: what PATCH and PUT do to an order.
#include <gmock/gmock.h>

#include "services/order/module_test_support.hpp"

namespace baedal::order {
namespace {

using ::testing::HasSubstr;

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
  for (const char* body : {R"({"qty":3})", R"({"menuId":2,"status":"cancel"})",
                           R"({"menuNm":"Juice"})", R"({"deliveryStatus":"complete"})",
                           R"({"deliveryId":9})", R"({"amount":1})", R"({"version":7})"}) {
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

}  // namespace
}  // namespace baedal::order
