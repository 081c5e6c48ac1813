// The wire form of the events: golden samples, the seed's own JSON, and refusals.
#include <gtest/gtest.h>

#include "contracts/events.hpp"

namespace baedal::contracts {
namespace {

const Timestamp kTime = *Timestamp::parse_compact("20210223085635");

TEST(Events, ordered_begins_with_the_seeds_members_in_its_order_and_ends_with_me) {
  const OrderEvent event{
      .id = 4, .menu_id = 1, .menu_name = "Gimbab", .status = "ordered", .version = 1};
  const std::string text = encode(event::kOrdered, kTime, event);
  EXPECT_TRUE(text.starts_with(
      R"({"eventType":"Ordered","timestamp":"20210223085635","id":4,"menuId":1,"menuNm":"Gimbab","qty":1,"status":"ordered","deliveryStatus":null,"deliveryId":null,)"))
      << text;
  EXPECT_TRUE(text.ends_with(R"("me":true})")) << text;
}

TEST(Events, an_order_is_written_byte_for_byte) {
  OrderEvent event{.id = 4, .menu_id = 1, .menu_name = "Gim\"bab", .status = "ordered"};
  event.amount = 7000;
  event.payment_token = "tok";
  event.created_at = kTime;
  EXPECT_EQ(
      encode(event::kOrdered, kTime, event),
      R"({"eventType":"Ordered","timestamp":"20210223085635","id":4,"menuId":1,"menuNm":"Gim\"bab",)"
      R"("qty":1,"status":"ordered","deliveryStatus":null,"deliveryId":null,"amount":7000,)"
      R"("currency":"KRW","paymentStatus":null,"paymentId":null,"paymentToken":"tok","version":0,)"
      R"("createdAt":"2021-02-23T08:56:35.000Z","me":true})");
}

TEST(Events, an_order_says_whose_it_is_when_it_is_somebodys) {
  const OrderEvent event{.id = 4, .customer_id = "kim"};
  const std::string text = encode(event::kOrdered, kTime, event);
  EXPECT_NE(text.find(R"(,"customerId":"kim","version":0,)"), std::string::npos) << text;
  EXPECT_EQ(decode_order_event(text)->customer_id, "kim");
}

TEST(Events, texts_longer_than_usual_are_written_whole) {
  const std::string name(3'000, '\n');
  const std::string text =
      encode(event::kMenuChanged, kTime, MenuEvent{.id = 1, .menu_name = name});
  const auto menu = decode_menu_event(text);
  ASSERT_TRUE(menu) << text;
  EXPECT_EQ(menu->menu_name, name);
  EXPECT_TRUE(text.ends_with(R"("version":0,"me":true})")) << text;
}

TEST(Events, the_seeds_own_json_is_understood) {
  const auto ordered = decode_order_event(
      R"({"eventType":"Ordered","timestamp":"20210119130159","id":3,"menuId":"1","menuNm":"Gimbab","qty":20,"status":null,"deliveryStatus":null,"deliveryId":null,"me":true})");
  ASSERT_TRUE(ordered);
  EXPECT_EQ(ordered->id, 3);
  EXPECT_EQ(ordered->menu_id, 1);
  EXPECT_EQ(ordered->quantity, 20);
  EXPECT_EQ(ordered->status, "ordered");
  const auto started = decode_delivery_event(
      R"({"eventType":"DeliveryStarted","timestamp":"20210119130159","id":4,"orderId":4,"status":"started","me":true})");
  ASSERT_TRUE(started);
  EXPECT_EQ(started->order_id, 4);
  EXPECT_EQ(started->version, 0);
}

TEST(Events, each_kind_survives_the_round_trip) {
  const OrderEvent order{.id = 7,
                         .menu_id = 2,
                         .menu_name = "주스",
                         .quantity = 3,
                         .status = "cancel",
                         .delivery_status = "cancelled",
                         .delivery_id = 9,
                         .amount = 13500,
                         .payment_status = "paid",
                         .payment_id = 8,
                         .version = 4,
                         .created_at = kTime};
  const auto order_again = decode_order_event(encode(event::kOrderCancelled, kTime, order));
  ASSERT_TRUE(order_again);
  EXPECT_EQ(order_again->menu_name, order.menu_name);
  EXPECT_EQ(order_again->delivery_id, order.delivery_id);
  EXPECT_EQ(order_again->amount, order.amount);
  EXPECT_EQ(order_again->created_at, order.created_at);
  EXPECT_EQ(order_again->version, order.version);

  const auto payment = decode_payment_event(
      encode(event::kPaid, kTime,
             PaymentEvent{.id = 1, .order_id = 7, .status = "paid", .amount = 5, .version = 2}));
  ASSERT_TRUE(payment);
  EXPECT_EQ(payment->amount, 5);
  EXPECT_EQ(payment->status, "paid");

  const DeliveryEvent delivery{
      .id = 1, .order_id = 7, .status = "complete", .version = 2, .completed_at = kTime};
  const std::string told = encode(event::kDeliveryCompleted, kTime, delivery);
  EXPECT_TRUE(told.ends_with(
      R"("status":"complete","version":2,"completedAt":"2021-02-23T08:56:35.000Z","me":true})"))
      << told;
  EXPECT_EQ(decode_delivery_event(told)->completed_at, kTime);
  EXPECT_FALSE(
      decode_delivery_event(R"({"id":1,"orderId":7,"status":"complete","completedAt":"soon"})")
          ->completed_at);

  const auto menu = decode_menu_event(
      encode(event::kMenuChanged, kTime,
             MenuEvent{.id = 1, .menu_name = "Tea", .price = 0, .sold_out = true, .version = 3}));
  ASSERT_TRUE(menu);
  EXPECT_EQ(menu->price, 0);
  EXPECT_TRUE(menu->sold_out);
}

TEST(Events, what_lacks_its_ids_is_refused) {
  EXPECT_FALSE(decode_order_event("{}"));
  EXPECT_FALSE(decode_order_event("[1]"));
  EXPECT_FALSE(decode_order_event("no json"));
  EXPECT_FALSE(decode_payment_event(R"({"id":1})"));
  EXPECT_FALSE(decode_delivery_event(R"({"id":1,"orderId":0})"));
  EXPECT_FALSE(decode_menu_event(R"({"id":-1})"));
}

}  // namespace
}  // namespace baedal::contracts
